package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What keyframes that have left the window still say about the poses of those in it: the quadratic
 * {@code d' H d - 2 g' d} in how far each pose is from where the prior was taken (left perturbation
 * of T_cam_odom, translation first).
 *
 * <p>A keyframe that leaves takes along the reprojections of the points that it hosts: their
 * inverse depths are eliminated, then its pose, both by Schur complement (marginalisation as in
 * Leutenegger et al. 2015 and Engel et al. 2018; the prior is taken anew at the present poses each
 * time, without first-estimate Jacobians). Those reprojections must not be used again.
 *
 * <p>Agent thread; may be read elsewhere while it is not changed.
 */
final class WindowPrior {
  private static final int POSE = 6;
  private static final int SIZE = POSE * PointTracks.SLOTS;

  /** Fewer points tie the poses together by chance. */
  private static final int MIN_POINTS = 10;

  /** A point is eliminated before the next one comes, so that one row of the equations does. */
  private static final int ROW = 0;

  private final RollingShutter shutter;
  private final ReprojectionTerm term;
  private final WindowEquations equations = new WindowEquations(1);
  private final SymmetricSolver solver = new SymmetricSolver(POSE);
  private final ViewPair[][] pairs = new ViewPair[PointTracks.SLOTS][PointTracks.SLOTS];

  /** Everything by slot: where the prior was taken (T_cam_odom), H row-major, g. */
  private final Se3[] takenAt = new Se3[PointTracks.SLOTS];

  private final double[] hessian = new double[SIZE * SIZE];
  private final double[] gradient = new double[SIZE];
  private boolean empty = true;

  WindowPrior(PinholeCamera camera, RollingShutter shutter) {
    this.shutter = shutter;
    term = new ReprojectionTerm(camera, shutter);
    Arrays.fill(takenAt, Se3.identity());
  }

  /** Whether nothing is known but what the window's own pictures tell. */
  boolean isEmpty() {
    return empty;
  }

  /** Forgets everything, as when a new window begins. */
  void clear() {
    Arrays.fill(hessian, 0);
    Arrays.fill(gradient, 0);
    empty = true;
  }

  /**
   * A keyframe is about to leave the window.
   *
   * @param points whose depths are known by their priors {@link LocalBundleAdjustment#depthPrior}
   * @param noisePx one standard deviation of where its points are seen
   */
  void absorb(KeyframeWindow window, PointTracks points, Keyframe leaving, double noisePx) {
    List<Keyframe> keyframes = window.keyframes();
    Se3[] poses = keyframes.stream().map(Keyframe::T_cam_odom).toArray(Se3[]::new);
    takeAt(keyframes, poses);
    ViewPair.fill(keyframes, poses, pairs);
    if (linearise(keyframes, points, leaving, noisePx) >= MIN_POINTS) {
      equations.addPosesTo(keyframes, hessian, gradient);
      empty = false;
    }
    eliminate(POSE * leaving.slot());
  }

  /** Describes the same knowledge by its differences to other poses. */
  private void takeAt(List<Keyframe> keyframes, Se3[] poses) {
    double[] d = offsets(keyframes, poses);
    for (int r = 0; r < SIZE; r++) {
      gradient[r] -= product(r, d);
    }
    for (int k = 0; k < poses.length; k++) {
      takenAt[keyframes.get(k).slot()] = poses[k];
    }
  }

  private double[] offsets(List<Keyframe> keyframes, Se3[] poses) {
    double[] d = new double[SIZE];
    for (int k = 0; k < poses.length; k++) {
      int slot = keyframes.get(k).slot();
      double[] offset = poses[k].times(takenAt[slot].inverse()).log();
      System.arraycopy(offset, 0, d, POSE * slot, POSE);
    }
    return d;
  }

  private double product(int row, double[] d) {
    double sum = 0;
    for (int c = 0; c < SIZE; c++) {
      sum += hessian[SIZE * row + c] * d[c];
    }
    return sum;
  }

  private int linearise(
      List<Keyframe> keyframes, PointTracks points, Keyframe leaving, double noisePx) {
    equations.resize(keyframes.size(), 0);
    equations.clear();
    int host = keyframes.indexOf(leaving);
    int used = 0;
    for (int i = 0; i < points.count; i++) {
      if (points.host[i] == leaving.slot()) {
        used += addPoint(keyframes, points, i, host, 1 / (noisePx * noisePx)) ? 1 : 0;
      }
    }
    return used;
  }

  private boolean place(List<Keyframe> keyframes, PointTracks points, int i, int k) {
    int slot = keyframes.get(k).slot();
    return points.isSeen(slot, i)
        && term.place(points, i, slot, points.rho[i], pairs[k][points.host[i]], shutter.readoutS());
  }

  private boolean addPoint(
      List<Keyframe> keyframes, PointTracks points, int i, int host, double inverseNoise2) {
    boolean used = false;
    equations.beginPoint(ROW, 0, LocalBundleAdjustment.depthPrior(points, i));
    for (int k = 0; k < keyframes.size(); k++) {
      if (k != host && place(keyframes, points, i, k)) {
        term.differentiate(
            points, i, keyframes.get(k).slot(), points.rho[i], pairs[k][points.host[i]]);
        equations.addRobust(term, ROW, k, host, inverseNoise2);
        used = true;
      }
    }
    equations.eliminate(ROW);
    return used;
  }

  /** Takes the pose whose rows begin at {@code m} out; what it alone knew of is lost. */
  private void eliminate(int m) {
    double[] own = new double[POSE * POSE];
    double[] inverse = new double[POSE * POSE];
    for (int r = 0; r < POSE; r++) {
      System.arraycopy(hessian, SIZE * (m + r) + m, own, POSE * r, POSE);
    }
    if (solver.invert(own, inverse)) {
      double[] tie = new double[POSE];
      for (int r = 0; r < SIZE; r++) {
        if (r < m || r >= m + POSE) {
          fillTie(r, m, inverse, tie);
          subtract(r, m, tie);
        }
      }
    }
    for (int r = 0; r < SIZE; r++) {
      Arrays.fill(hessian, SIZE * r + m, SIZE * r + m + POSE, 0);
    }
    Arrays.fill(hessian, SIZE * m, SIZE * (m + POSE), 0);
    Arrays.fill(gradient, m, m + POSE, 0);
  }

  /** Row {@code r} of H_am inverse(H_mm). */
  private void fillTie(int r, int m, double[] inverse, double[] tie) {
    for (int c = 0; c < POSE; c++) {
      tie[c] = 0;
      for (int j = 0; j < POSE; j++) {
        tie[c] += hessian[SIZE * r + m + j] * inverse[POSE * j + c];
      }
    }
  }

  private void subtract(int r, int m, double[] tie) {
    for (int j = 0; j < POSE; j++) {
      gradient[r] -= tie[j] * gradient[m + j];
    }
    // Columns of the pose itself stay: the rows to come need them. They are cleared at the end.
    for (int c = 0; c < SIZE; c++) {
      if (c < m || c >= m + POSE) {
        for (int j = 0; j < POSE; j++) {
          hessian[SIZE * r + c] -= tie[j] * hessian[SIZE * (m + j) + c];
        }
      }
    }
  }

  /** What poses cost by it, but for a constant. */
  double cost(List<Keyframe> keyframes, Se3[] poses) {
    if (empty) {
      return 0;
    }
    double[] d = offsets(keyframes, poses);
    double sum = 0;
    for (int r = 0; r < SIZE; r++) {
      sum += d[r] * (product(r, d) - 2 * gradient[r]);
    }
    return sum;
  }

  /** Adds it to the equations of a window at its present poses, where the first ones are fixed. */
  void addTo(WindowEquations window, List<Keyframe> keyframes, Se3[] poses, int fixed) {
    if (empty) {
      return;
    }
    double[] d = offsets(keyframes, poses);
    for (int k = POSE * fixed; k < POSE * poses.length; k++) {
      int r = row(keyframes, k);
      window.addGradient(k, gradient[r] - product(r, d));
      for (int c = k; c < POSE * poses.length; c++) {
        window.addInformation(k, c, hessian[SIZE * r + row(keyframes, c)]);
      }
    }
  }

  private static int row(List<Keyframe> keyframes, int coordinate) {
    return POSE * keyframes.get(coordinate / POSE).slot() + coordinate % POSE;
  }

  /**
   * Another unit of length.
   *
   * @param factor what all lengths are multiplied by
   * @param moving how every T_cam_odom changes
   */
  void rescale(double factor, UnaryOperator<Se3> moving) {
    move(moving);
    for (int r = 0; r < SIZE; r++) {
      double rows = r % POSE < 3 ? 1 / factor : 1;
      gradient[r] *= rows;
      for (int c = 0; c < SIZE; c++) {
        hessian[SIZE * r + c] *= c % POSE < 3 ? rows / factor : rows;
      }
    }
  }

  /** Another odom, the cameras being where they were: every T_cam_odom changes. */
  void move(UnaryOperator<Se3> moving) {
    Arrays.setAll(takenAt, slot -> moving.apply(takenAt[slot]));
  }
}
