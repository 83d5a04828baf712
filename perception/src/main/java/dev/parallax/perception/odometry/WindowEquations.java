package dev.parallax.perception.odometry;

import java.util.Arrays;
import java.util.List;

/**
 * Normal equations of a window: the poses of its keyframes but the first ones, which are fixed, the
 * readout, and the inverse depths, which are eliminated point by point (Schur complement).
 */
final class WindowEquations {
  /** Where in a point's row of {@link #cross} the readout stands, after the poses. */
  private static final int READOUT = 6 * PointTracks.SLOTS;

  /** Of the Geman-McClure kernel, in standard deviations of the noise. */
  private static final double KERNEL_WIDTH = 3;

  private final double[] pointHessian;
  private final double[] pointGradient;
  private final double[][] cross;

  private double[] hessian = new double[0];
  private double[] gradient = new double[0];
  private double[] step = new double[0];
  private SymmetricSolver solver = new SymmetricSolver(1);
  private int keyframes;
  private int unknowns;
  private int fixed;

  WindowEquations(int capacity) {
    pointHessian = new double[capacity];
    pointGradient = new double[capacity];
    cross = new double[capacity][6 * PointTracks.SLOTS + 1];
  }

  /** For a window of so many keyframes, of which the first are fixed. */
  void resize(int newKeyframes, int newFixed) {
    keyframes = newKeyframes;
    fixed = newFixed;
    int wanted = 6 * (keyframes - fixed) + 1;
    if (wanted != unknowns) {
      unknowns = wanted;
      hessian = new double[wanted * wanted];
      gradient = new double[wanted];
      step = new double[wanted];
      solver = new SymmetricSolver(wanted);
    }
  }

  void clear() {
    Arrays.fill(hessian, 0);
    Arrays.fill(gradient, 0);
  }

  /** Believes the readout to be off by an error. */
  void addReadoutPrior(double error, double information) {
    hessian[unknowns * unknowns - 1] += information;
    gradient[unknowns - 1] -= error * information;
  }

  /** Believes a keyframe that is not fixed to be off by an error in one of its six coordinates. */
  void addPosePrior(int keyframe, int coordinate, double error, double information) {
    int row = 6 * (keyframe - fixed) + coordinate;
    hessian[row * unknowns + row] += information;
    gradient[row] -= information * error;
  }

  /**
   * Believes coordinates of keyframes that are not fixed to depend on one another: upper triangle.
   */
  void addInformation(int row, int column, double information) {
    hessian[(row - 6 * fixed) * unknowns + column - 6 * fixed] += information;
  }

  /** What pulls at a coordinate of a keyframe that is not fixed. */
  void addGradient(int row, double pull) {
    gradient[row - 6 * fixed] += pull;
  }

  /**
   * Adds what is known of the poses, none of them fixed, to equations by slot; the readout is taken
   * as it is.
   */
  void addPosesTo(List<Keyframe> window, double[] hessianBySlot, double[] gradientBySlot) {
    int size = 6 * PointTracks.SLOTS;
    for (int r = 0; r < 6 * keyframes; r++) {
      int rowBySlot = 6 * window.get(r / 6).slot() + r % 6;
      gradientBySlot[rowBySlot] += gradient[r];
      for (int c = 0; c < 6 * keyframes; c++) {
        int columnBySlot = 6 * window.get(c / 6).slot() + c % 6;
        hessianBySlot[size * rowBySlot + columnBySlot] +=
            hessian[Math.min(r, c) * unknowns + Math.max(r, c)];
      }
    }
  }

  /** Begins with a point: what is believed of its inverse depth. */
  void beginPoint(int i, double error, double information) {
    pointHessian[i] = information;
    pointGradient[i] = error * information;
    Arrays.fill(cross[i], 0);
  }

  /**
   * One keyframe {@code k} sees point {@code i} of a host; far from where it should it counts less.
   *
   * @return what the residual costs
   */
  double addRobust(ReprojectionTerm term, int i, int k, int host, double inverseNoise2) {
    double r2 = term.squaredResidual() * inverseNoise2;
    double kernel = 1 + r2 / (KERNEL_WIDTH * KERNEL_WIDTH);
    add(term, i, k, host, inverseNoise2 / (kernel * kernel));
    return r2 / kernel;
  }

  /** What a residual costs, given its square over the noise's. */
  static double robust(double r2) {
    return r2 / (1 + r2 / (KERNEL_WIDTH * KERNEL_WIDTH));
  }

  /** What a point costs that lies behind the keyframe that sees it: as much as any residual may. */
  static double worst() {
    return KERNEL_WIDTH * KERNEL_WIDTH;
  }

  private void add(ReprojectionTerm term, int i, int k, int host, double w) {
    pointHessian[i] += w * (term.du * term.du + term.dv * term.dv);
    pointGradient[i] += w * (term.du * term.eu + term.dv * term.ev);
    double[] e = cross[i];
    for (int c = 0; c < 6; c++) {
      e[6 * k + c] += w * (term.ju[c] * term.du + term.jv[c] * term.dv);
      e[6 * host + c] += w * (term.hu[c] * term.du + term.hv[c] * term.dv);
    }
    e[READOUT] += w * (term.ru * term.du + term.rv * term.dv);
    addPoses(term, k, host, w);
    int last = unknowns - 1;
    hessian[last * unknowns + last] += w * (term.ru * term.ru + term.rv * term.rv);
    gradient[last] += w * (term.ru * term.eu + term.rv * term.ev);
  }

  private void addPoses(ReprojectionTerm term, int k, int host, double w) {
    int row = 6 * (k - fixed);
    int hostRow = 6 * (host - fixed);
    if (row >= 0) {
      addOwn(term, row, w, term.ju, term.jv);
    }
    if (hostRow >= 0) {
      addOwn(term, hostRow, w, term.hu, term.hv);
    }
    if (row >= 0 && hostRow >= 0) {
      if (row < hostRow) {
        addBlock(row, hostRow, w, term.ju, term.jv, term.hu, term.hv);
      } else {
        addBlock(hostRow, row, w, term.hu, term.hv, term.ju, term.jv);
      }
    }
  }

  private void addOwn(ReprojectionTerm term, int row, double w, double[] ju, double[] jv) {
    addBlock(row, row, w, ju, jv, ju, jv);
    for (int r = 0; r < 6; r++) {
      gradient[row + r] += w * (ju[r] * term.eu + jv[r] * term.ev);
      hessian[(row + r) * unknowns + unknowns - 1] += w * (ju[r] * term.ru + jv[r] * term.rv);
    }
  }

  private void addBlock(
      int row, int column, double w, double[] au, double[] av, double[] bu, double[] bv) {
    for (int r = 0; r < 6; r++) {
      double wu = w * au[r];
      double wv = w * av[r];
      int base = (row + r) * unknowns + column;
      for (int c = 0; c < 6; c++) {
        hessian[base + c] += wu * bu[c] + wv * bv[c];
      }
    }
  }

  /** Ends with a point: takes its depth out of the equations; upper triangle only. */
  void eliminate(int i) {
    double[] e = cross[i];
    double inverse = 1 / pointHessian[i];
    double gh = pointGradient[i] * inverse;
    int offset = 6 * fixed;
    for (int k = fixed; k < keyframes; k++) {
      if (e[6 * k] == 0 && e[6 * k + 1] == 0 && e[6 * k + 4] == 0) {
        continue;
      }
      for (int r = 6 * k; r < 6 * k + 6; r++) {
        double er = e[r] * inverse;
        gradient[r - offset] -= e[r] * gh;
        int base = (r - offset) * unknowns - offset;
        for (int c = r; c < 6 * keyframes; c++) {
          hessian[base + c] -= er * e[c];
        }
        hessian[(r - offset) * unknowns + unknowns - 1] -= er * e[READOUT];
      }
    }
    gradient[unknowns - 1] -= e[READOUT] * gh;
    hessian[unknowns * unknowns - 1] -= e[READOUT] * e[READOUT] * inverse;
  }

  /**
   * @param damping see {@link SymmetricSolver#solve}
   * @return false if the equations tell too little
   */
  boolean solve(double damping) {
    for (int r = 0; r < unknowns; r++) {
      for (int c = 0; c < r; c++) {
        hessian[r * unknowns + c] = hessian[c * unknowns + r];
      }
    }
    return solver.solve(hessian, gradient, damping, step);
  }

  /**
   * @param out receives {@code [6]} how a keyframe that is not fixed moves by the last solution
   */
  void poseStep(int keyframe, double[] out) {
    System.arraycopy(step, 6 * (keyframe - fixed), out, 0, 6);
  }

  double readoutStep() {
    return step[unknowns - 1];
  }

  /** How a point's inverse depth changes by the last solution. */
  double depthStep(int i) {
    double g = pointGradient[i];
    for (int c = 6 * fixed; c < 6 * keyframes; c++) {
      g -= cross[i][c] * step[c - 6 * fixed];
    }
    g -= cross[i][READOUT] * step[unknowns - 1];
    return g / pointHessian[i];
  }

  /** Information (1/variance) about a point's inverse depth while all poses are held fixed. */
  double information(int i) {
    return pointHessian[i];
  }
}
