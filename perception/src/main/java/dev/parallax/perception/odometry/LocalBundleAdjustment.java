package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.List;

/**
 * Refines the keyframe poses of the window and the inverse depths of the points together: robust
 * reprojection residuals between host and observing keyframe, depths eliminated by Schur
 * complement, Levenberg-Marquardt. The two oldest poses stay fixed, which fixes the gauge and hands
 * the scale on.
 *
 * <p>How long a picture is read out ({@link RollingShutter}) is one more unknown of each window.
 *
 * <p>What a point was known by before counts as a prior, weakened, in place of the information of
 * keyframes that have left the window.
 */
final class LocalBundleAdjustment {
  /** Where in a point's row of {@link #cross} the readout stands, after the poses. */
  private static final int READOUT = 6 * PointTracks.SLOTS;

  private static final int ITERATIONS = 6;
  private static final double KERNEL_WIDTH = 3;
  private static final double MIN_NOISE_PX = 0.25;
  private static final double MAX_NOISE_PX = 2;
  private static final double PRIOR_VARIANCE_FACTOR = 25;

  /** No point is ever known to better than this share of its depth. */
  private static final double MIN_RELATIVE_STD = 0.003;

  /** Poses are held fixed when a point's variance is read off; this makes up for it. */
  private static final double POSTERIOR_VARIANCE_FACTOR = 2;

  /**
   * How far one refinement may be expected to move a pose: a share of the typical depth, and
   * radians. Stands for what pictures between the keyframes and those that left the window said
   * about it; without it a turning camera's window bends freely.
   */
  private static final double POSE_PRIOR_TRANSLATION = 0.004;

  private static final double POSE_PRIOR_ROTATION_RAD = 0.003;

  /** No picture of a video is read out longer; one whose last row comes first is taken as whole. */
  private static final double MAX_READOUT_S = 0.04;

  /** One window may take the readout 4 ms away from the mean over the last windows. */
  private static final double READOUT_INFORMATION = 1 / (0.004 * 0.004);

  private static final int READOUT_MEMORY = 20;

  private final PinholeCamera camera;
  private final RollingShutter shutter;
  private final double[] rho;
  private final double[] trial;
  private final double[] prior;
  private final double[] pointHessian;
  private final double[] pointGradient;
  private final double[][] cross;
  private final double[] squared;

  private double[] hessian = new double[0];
  private double[] gradient = new double[0];
  private double[] step = new double[0];
  private SymmetricSolver solver = new SymmetricSolver(1);
  private final double[] poseInformation = new double[6];
  private Se3[] believed = new Se3[0];
  private int unknowns;
  private int fixed;

  private final double[][][] rotation = new double[PointTracks.SLOTS][PointTracks.SLOTS][];
  private final double[][][] translation = new double[PointTracks.SLOTS][PointTracks.SLOTS][];
  private final double[][] twist = new double[PointTracks.SLOTS][]; // by slot
  private double readoutS;
  private double trialReadoutS;
  private double meanReadoutS;
  private int readouts;
  private final PointInView point = new PointInView();
  private final double[] ju = new double[6];
  private final double[] jv = new double[6];
  private final double[] hu = new double[6];
  private final double[] hv = new double[6];

  LocalBundleAdjustment(PinholeCamera camera, RollingShutter shutter, int capacity) {
    this.camera = camera;
    this.shutter = shutter;
    rho = new double[capacity];
    trial = new double[capacity];
    prior = new double[capacity];
    pointHessian = new double[capacity];
    pointGradient = new double[capacity];
    cross = new double[capacity][6 * PointTracks.SLOTS + 1];
    squared = new double[capacity * PointTracks.SLOTS];
  }

  /**
   * Updates the window's poses and the points' depths in place; does nothing for one keyframe.
   *
   * @param measured where it answers, a depth does not come from the pictures, so that its variance
   *     is taken as it is
   */
  void optimise(KeyframeWindow window, PointTracks points, DepthHint measured) {
    List<Keyframe> keyframes = window.keyframes();
    if (keyframes.size() < 2) {
      return;
    }
    resize(keyframes.size());
    believed = keyframes.stream().map(Keyframe::T_cam_odom).toArray(Se3[]::new);
    poseInformation(points);
    Se3[] poses = keyframes.stream().map(Keyframe::T_cam_odom).toArray(Se3[]::new);
    readoutS = shutter.readoutS();
    trialReadoutS = readoutS;
    System.arraycopy(points.rho, 0, rho, 0, points.count);
    double[] unused = new double[2];
    for (int i = 0; i < points.count; i++) {
      boolean isMeasured = measured.at(points.uv[2 * i], points.uv[2 * i + 1], unused);
      prior[i] = 1 / (points.variance[i] * (isMeasured ? 1 : PRIOR_VARIANCE_FACTOR));
    }
    double noise = noise(keyframes, poses, points, MAX_NOISE_PX);
    double cost = linearise(keyframes, poses, points, noise);
    double damping = 1e-4;
    for (int iteration = 0; iteration < ITERATIONS && damping < 1e4; iteration++) {
      if (!solver.solve(hessian, gradient, damping, step)) {
        damping *= 10;
        continue;
      }
      Se3[] candidate = stepped(poses);
      backSubstitute(points.count, keyframes.size());
      trialReadoutS = readoutS + step[unknowns - 1];
      double candidateCost = cost(keyframes, candidate, points, noise);
      if (!(candidateCost < cost)) {
        damping *= 10;
        trialReadoutS = readoutS;
        continue;
      }
      readoutS = trialReadoutS;
      boolean settled = cost - candidateCost < 1e-4 * cost;
      poses = candidate;
      System.arraycopy(trial, 0, rho, 0, points.count);
      damping *= 0.2;
      noise = noise(keyframes, poses, points, noise);
      cost = linearise(keyframes, poses, points, noise);
      if (settled) {
        break;
      }
    }
    learnReadout();
    write(window, poses, points);
  }

  private void learnReadout() {
    double learntS = Math.max(0, Math.min(readoutS, MAX_READOUT_S));
    shutter.setReadoutS(learntS);
    readouts = Math.min(readouts + 1, READOUT_MEMORY);
    meanReadoutS += (learntS - meanReadoutS) / readouts;
  }

  /** Translations are judged against the typical depth, so that the unit of length is free. */
  private void poseInformation(PointTracks points) {
    double[] copy = Arrays.copyOf(points.rho, points.count);
    double typical = points.count == 0 ? 1 : OrderStatistic.median(copy, points.count);
    double translation = typical / POSE_PRIOR_TRANSLATION;
    for (int c = 0; c < 3; c++) {
      poseInformation[c] = translation * translation;
      poseInformation[c + 3] = 1 / (POSE_PRIOR_ROTATION_RAD * POSE_PRIOR_ROTATION_RAD);
    }
  }

  private double posePriors(Se3[] poses, boolean addToEquations) {
    double re = trialReadoutS - meanReadoutS;
    double sum = re * re * READOUT_INFORMATION;
    if (addToEquations) {
      hessian[unknowns * unknowns - 1] += READOUT_INFORMATION;
      gradient[unknowns - 1] -= re * READOUT_INFORMATION;
    }
    for (int k = fixed; k < poses.length; k++) {
      double[] e = poses[k].times(believed[k].inverse()).log();
      int row = 6 * (k - fixed);
      for (int c = 0; c < 6; c++) {
        sum += e[c] * e[c] * poseInformation[c];
        if (addToEquations) {
          hessian[(row + c) * unknowns + row + c] += poseInformation[c];
          gradient[row + c] -= poseInformation[c] * e[c];
        }
      }
    }
    return sum;
  }

  private void write(KeyframeWindow window, Se3[] poses, PointTracks points) {
    for (int k = 0; k < poses.length; k++) {
      window.replacePose(k, poses[k]);
    }
    for (int i = 0; i < points.count; i++) {
      points.rho[i] = rho[i];
      double floor = MIN_RELATIVE_STD * rho[i];
      points.variance[i] =
          Math.max(
              Math.min(POSTERIOR_VARIANCE_FACTOR / pointHessian[i], points.variance[i] * 4),
              floor * floor);
    }
  }

  private void resize(int keyframes) {
    fixed = keyframes < 3 ? 1 : 2;
    int wanted = 6 * (keyframes - fixed) + 1;
    if (wanted != unknowns) {
      unknowns = wanted;
      hessian = new double[wanted * wanted];
      gradient = new double[wanted];
      step = new double[wanted];
      solver = new SymmetricSolver(wanted);
    }
  }

  private Se3[] stepped(Se3[] poses) {
    Se3[] result = poses.clone();
    double[] delta = new double[6];
    for (int k = fixed; k < poses.length; k++) {
      System.arraycopy(step, 6 * (k - fixed), delta, 0, 6);
      result[k] = Se3.exp(delta).times(poses[k]).normalised();
    }
    return result;
  }

  private void backSubstitute(int n, int keyframes) {
    for (int i = 0; i < n; i++) {
      double g = pointGradient[i];
      for (int c = 6 * fixed; c < 6 * keyframes; c++) {
        g -= cross[i][c] * step[c - 6 * fixed];
      }
      g -= cross[i][READOUT] * step[unknowns - 1];
      trial[i] = Math.max(rho[i] + g / pointHessian[i], 0.2 * rho[i]);
    }
  }

  private void relativePoses(List<Keyframe> keyframes, Se3[] poses) {
    for (int h = 0; h < poses.length; h++) {
      twist[keyframes.get(h).slot()] = keyframes.get(h).twist();
      Se3 T_odom_host = poses[h].inverse();
      for (int k = 0; k < poses.length; k++) {
        Se3 T_cam_host = poses[k].times(T_odom_host);
        rotation[k][keyframes.get(h).slot()] = T_cam_host.rotation();
        translation[k][keyframes.get(h).slot()] = T_cam_host.translation();
      }
    }
  }

  private boolean place(PointTracks points, int i, int k, int slot, double d) {
    int host = points.host[i];
    return point.place(
        points,
        i,
        d,
        rotation[k][host],
        translation[k][host],
        twist[host],
        trialReadoutS * shutter.rowShare(points.seen[host][2 * i + 1]),
        twist[slot],
        trialReadoutS * shutter.rowShare(points.seen[slot][2 * i + 1]));
  }

  private double squaredResidual(PointTracks points, int i, int k, int slot, double d) {
    if (!place(points, i, k, slot, d)) {
      return 1e9;
    }
    double eu = points.seen[slot][2 * i] - (camera.fx() * point.px / point.pz + camera.cx());
    double ev = points.seen[slot][2 * i + 1] - (camera.fy() * point.py / point.pz + camera.cy());
    return eu * eu + ev * ev;
  }

  private double noise(List<Keyframe> keyframes, Se3[] poses, PointTracks points, double atMost) {
    relativePoses(keyframes, poses);
    int n = 0;
    for (int k = 0; k < poses.length; k++) {
      int slot = keyframes.get(k).slot();
      for (int i = 0; i < points.count; i++) {
        if (points.host[i] != slot && points.isSeen(slot, i)) {
          squared[n++] = squaredResidual(points, i, k, slot, rho[i]);
        }
      }
    }
    if (n == 0) {
      return MIN_NOISE_PX;
    }
    double sigma = Math.sqrt(OrderStatistic.median(squared, n)) / 1.1774;
    return Math.max(Math.min(sigma, atMost), MIN_NOISE_PX);
  }

  private double cost(List<Keyframe> keyframes, Se3[] poses, PointTracks points, double noise) {
    relativePoses(keyframes, poses);
    double sum = posePriors(poses, false);
    for (int i = 0; i < points.count; i++) {
      double d = trial[i] - points.rho[i];
      sum += d * d * prior[i];
      for (int k = 0; k < poses.length; k++) {
        int slot = keyframes.get(k).slot();
        if (points.host[i] != slot && points.isSeen(slot, i)) {
          double r2 = squaredResidual(points, i, k, slot, trial[i]) / (noise * noise);
          sum += r2 / (1 + r2 / (KERNEL_WIDTH * KERNEL_WIDTH));
        }
      }
    }
    return sum;
  }

  private double linearise(
      List<Keyframe> keyframes, Se3[] poses, PointTracks points, double noise) {
    relativePoses(keyframes, poses);
    Arrays.fill(hessian, 0);
    Arrays.fill(gradient, 0);
    int[] indexOfSlot = new int[PointTracks.SLOTS];
    for (int k = 0; k < poses.length; k++) {
      indexOfSlot[keyframes.get(k).slot()] = k;
    }
    double sum = posePriors(poses, true);
    for (int i = 0; i < points.count; i++) {
      double error = points.rho[i] - rho[i];
      sum += error * error * prior[i];
      pointHessian[i] = prior[i];
      pointGradient[i] = error * prior[i];
      Arrays.fill(cross[i], 0);
      int host = indexOfSlot[points.host[i]];
      for (int k = 0; k < poses.length; k++) {
        int slot = keyframes.get(k).slot();
        if (k != host && points.isSeen(slot, i)) {
          sum += addObservation(points, i, k, host, slot, 1 / (noise * noise));
        }
      }
      eliminate(i, poses.length);
    }
    for (int r = 0; r < unknowns; r++) {
      for (int c = 0; c < r; c++) {
        hessian[r * unknowns + c] = hessian[c * unknowns + r];
      }
    }
    return sum;
  }

  private double addObservation(
      PointTracks points, int i, int k, int host, int slot, double inverseNoise2) {
    double d = rho[i];
    double[] r = rotation[k][points.host[i]];
    double[] t = translation[k][points.host[i]];
    double x = points.hostX[i];
    double y = points.hostY[i];
    double width2 = KERNEL_WIDTH * KERNEL_WIDTH;
    if (!place(points, i, k, slot, d)) {
      return width2;
    }
    double iz = 1 / point.pz;
    double a = point.px * iz;
    double b = point.py * iz;
    double eu = points.seen[slot][2 * i] - (camera.fx() * a + camera.cx());
    double ev = points.seen[slot][2 * i + 1] - (camera.fy() * b + camera.cy());
    double r2 = (eu * eu + ev * ev) * inverseNoise2;
    double kernel = 1 + r2 / width2;
    double w = inverseNoise2 / (kernel * kernel);
    double fu = camera.fx() * iz;
    double fv = camera.fy() * iz;
    PoseJacobian.fill(camera, d, point.px, point.py, point.pz, ju, jv);
    hostJacobian(r, d, x, y, a, b, fu, fv);
    double du = fu * (t[0] - a * t[2]);
    double dv = fv * (t[1] - b * t[2]);
    pointHessian[i] += w * (du * du + dv * dv);
    pointGradient[i] += w * (du * eu + dv * ev);
    for (int c = 0; c < 6; c++) {
      cross[i][6 * k + c] += w * (ju[c] * du + jv[c] * dv);
      cross[i][6 * host + c] += w * (hu[c] * du + hv[c] * dv);
    }
    addPoses(k, host, w, eu, ev);
    addReadout(points, i, k, host, slot, w, eu, ev, fu, fv, a, b, du, dv);
    return r2 / kernel;
  }

  /** The host moves the other way: p' = R exp(-delta) r, so d p' = -R [d I | -[r]x]. */
  private void hostJacobian(
      double[] r, double d, double x, double y, double a, double b, double fu, double fv) {
    for (int c = 0; c < 3; c++) {
      double dx = r[c];
      double dy = r[3 + c];
      double dz = r[6 + c];
      hu[c] = -d * fu * (dx - a * dz);
      hv[c] = -d * fv * (dy - b * dz);
    }
    rotationColumn(r, 3, 0, -1, y, a, b, fu, fv);
    rotationColumn(r, 4, 1, 0, -x, a, b, fu, fv);
    rotationColumn(r, 5, -y, x, 0, a, b, fu, fv);
  }

  /** Column for the host turning about one axis; (vx vy vz) is the axis crossed with the ray. */
  private void rotationColumn(
      double[] r,
      int column,
      double vx,
      double vy,
      double vz,
      double a,
      double b,
      double fu,
      double fv) {
    // Callers pass axis x ray: e1 x r = (0, -1, y), e2 x r = (1, 0, -x), e3 x r = (-y, x, 0).
    double dx = r[0] * vx + r[1] * vy + r[2] * vz;
    double dy = r[3] * vx + r[4] * vy + r[5] * vz;
    double dz = r[6] * vx + r[7] * vy + r[8] * vz;
    hu[column] = -fu * (dx - a * dz);
    hv[column] = -fv * (dy - b * dz);
  }

  private void addPoses(int k, int host, double w, double eu, double ev) {
    int row = 6 * (k - fixed);
    int hostRow = 6 * (host - fixed);
    if (row >= 0) {
      addBlock(row, row, w, ju, jv, ju, jv);
      addGradient(row, w, ju, jv, eu, ev);
    }
    if (hostRow >= 0) {
      addBlock(hostRow, hostRow, w, hu, hv, hu, hv);
      addGradient(hostRow, w, hu, hv, eu, ev);
    }
    if (row >= 0 && hostRow >= 0) {
      if (row < hostRow) {
        addBlock(row, hostRow, w, ju, jv, hu, hv);
      } else {
        addBlock(hostRow, row, w, hu, hv, ju, jv);
      }
    }
  }

  private void addReadout(
      PointTracks points,
      int i,
      int k,
      int host,
      int slot,
      double w,
      double eu,
      double ev,
      double fu,
      double fv,
      double a,
      double b,
      double du,
      double dv) {
    int hostSlot = points.host[i];
    point.readoutMotion(
        points,
        i,
        rho[i],
        rotation[k][hostSlot],
        twist[hostSlot],
        shutter.rowShare(points.seen[hostSlot][2 * i + 1]),
        twist[slot],
        shutter.rowShare(points.seen[slot][2 * i + 1]));
    double ru = fu * (point.rx - a * point.rz);
    double rv = fv * (point.ry - b * point.rz);
    int last = unknowns - 1;
    cross[i][READOUT] += w * (ru * du + rv * dv);
    hessian[last * unknowns + last] += w * (ru * ru + rv * rv);
    gradient[last] += w * (ru * eu + rv * ev);
    int row = 6 * (k - fixed);
    int hostRow = 6 * (host - fixed);
    for (int c = 0; c < 6; c++) {
      if (row >= 0) {
        hessian[(row + c) * unknowns + last] += w * (ju[c] * ru + jv[c] * rv);
      }
      if (hostRow >= 0) {
        hessian[(hostRow + c) * unknowns + last] += w * (hu[c] * ru + hv[c] * rv);
      }
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

  private void addGradient(int row, double w, double[] au, double[] av, double eu, double ev) {
    for (int r = 0; r < 6; r++) {
      gradient[row + r] += w * (au[r] * eu + av[r] * ev);
    }
  }

  /** Takes the point's depth out of the equations; upper triangle only. */
  private void eliminate(int i, int keyframes) {
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
}
