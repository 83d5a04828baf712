package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.List;

/**
 * Refines the keyframe poses of the window and the inverse depths of the points together: robust
 * reprojection residuals between host and observing keyframe, depths eliminated by Schur
 * complement, Levenberg-Marquardt. The oldest pose stays fixed; what ties the others to it and
 * hands the scale on is what keyframes that left the window said ({@link WindowPrior}), and before
 * one did, what is believed of the points' depths; while nothing is known of those either, the
 * second pose, fixed as well.
 *
 * <p>From when depth is known until a keyframe has left, the window is young: its pictures tell all
 * that is known, and its first poses were found with next to no parallax, so that they may be far
 * off. Poses are then held less tightly to what they were, and more steps are taken.
 *
 * <p>How long a picture is read out ({@link RollingShutter}) is one more unknown of each window.
 *
 * <p>What a point was known by before counts as a prior, weakened: part of it is what its keyframes
 * saw.
 */
final class LocalBundleAdjustment {
  private static final int ITERATIONS = 6;
  private static final int ITERATIONS_YOUNG = 12;

  private static final double MIN_NOISE_PX = 0.25;
  private static final double MAX_NOISE_PX = 2;
  private static final double FIRST_NOISE_PX = 0.5;
  private static final double PRIOR_VARIANCE_FACTOR = 25;

  /** No point is ever known to better than this share of its depth. */
  private static final double MIN_RELATIVE_STD = 0.003;

  /** Poses are held fixed when a point's variance is read off; this makes up for it. */
  private static final double POSTERIOR_VARIANCE_FACTOR = 2;

  /**
   * How far one refinement may be expected to move a pose: a share of the typical depth, and
   * radians. Stands for what pictures between the keyframes said about it; without it a turning
   * camera's window bends freely.
   */
  private static final double POSE_PRIOR_TRANSLATION = 0.004;

  private static final double POSE_PRIOR_ROTATION_RAD = 0.003;

  /** What the variances of both are multiplied by in a young window. */
  private static final double POSE_PRIOR_YOUNG_FACTOR = 10;

  /** No picture of a video is read out longer; one whose last row comes first is taken as whole. */
  private static final double MAX_READOUT_S = 0.04;

  /** One window may take the readout 4 ms away from the mean over the last windows. */
  private static final double READOUT_INFORMATION = 1 / (0.004 * 0.004);

  private static final int READOUT_MEMORY = 20;

  private final RollingShutter shutter;
  private final ReprojectionTerm term;
  private final WindowEquations equations;
  private final double[] rho;
  private final double[] trial;
  private final double[] prior;
  private final double[] squared;
  private final WindowPrior past;
  private final double[] poseInformation = new double[6];
  private final ViewPair[][] pairs = new ViewPair[PointTracks.SLOTS][PointTracks.SLOTS];
  private List<Keyframe> keyframes = List.of();
  private Se3[] believed = new Se3[0];
  private Se3[] poses = new Se3[0];
  private int fixed;
  private boolean young;
  private double noisePx = FIRST_NOISE_PX;
  private double readoutS;
  private double trialReadoutS;
  private double meanReadoutS;
  private int readouts;

  /**
   * @param past what keyframes that have left say about those of the window; only read
   */
  LocalBundleAdjustment(
      PinholeCamera camera, RollingShutter shutter, WindowPrior past, int capacity) {
    this.shutter = shutter;
    this.past = past;
    term = new ReprojectionTerm(camera, shutter);
    equations = new WindowEquations(capacity);
    rho = new double[capacity];
    trial = new double[capacity];
    prior = new double[capacity];
    squared = new double[capacity * PointTracks.SLOTS];
  }

  /**
   * Notes what is believed; nothing if there are fewer than two keyframes. Until {@link #finish}
   * window and points must not be changed.
   *
   * @param measured where it answers, a depth does not come from the pictures, so that its variance
   *     is taken as it is
   * @param isDepthKnown whether depths are more than one flat guess
   */
  void begin(KeyframeWindow window, PointTracks points, DepthHint measured, boolean isDepthKnown) {
    keyframes = List.copyOf(window.keyframes());
    if (keyframes.size() < 2) {
      return;
    }
    young = isDepthKnown && past.isEmpty();
    fixed = isDepthKnown || keyframes.size() < 3 || !past.isEmpty() ? 1 : 2;
    equations.resize(keyframes.size(), fixed);
    believed = keyframes.stream().map(Keyframe::T_cam_odom).toArray(Se3[]::new);
    poses = believed.clone();
    poseInformation(points);
    readoutS = shutter.readoutS();
    trialReadoutS = readoutS;
    System.arraycopy(points.rho, 0, rho, 0, points.count);
    depthPriors(points, measured);
  }

  /**
   * Refines what was begun with, on any thread: reads points, and changes nothing but itself.
   *
   * @return this
   */
  LocalBundleAdjustment refine(PointTracks points) {
    if (keyframes.size() >= 2) {
      iterate(points);
    }
    return this;
  }

  private void iterate(PointTracks points) {
    double noise = noise(points, MAX_NOISE_PX);
    double cost = linearise(points, noise);
    double damping = 1e-4;
    int iterations = young ? ITERATIONS_YOUNG : ITERATIONS;
    for (int iteration = 0; iteration < iterations && damping < 1e4; iteration++) {
      if (!equations.solve(damping)) {
        damping *= 10;
        continue;
      }
      Se3[] candidate = stepped(poses);
      for (int i = 0; i < points.count; i++) {
        trial[i] = Math.max(rho[i] + equations.depthStep(i), 0.2 * rho[i]);
      }
      trialReadoutS = readoutS + equations.readoutStep();
      double candidateCost = cost(candidate, points, noise);
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
      noise = noise(points, noise);
      noisePx = noise;
      cost = linearise(points, noise);
      if (settled) {
        break;
      }
    }
  }

  /** Writes what was found into the window's poses, the points' depths and the shutter. */
  void finish(KeyframeWindow window, PointTracks points) {
    if (keyframes.size() < 2) {
      return;
    }
    learnReadout();
    for (int k = 0; k < poses.length; k++) {
      window.replacePose(k, poses[k]);
    }
    for (int i = 0; i < points.count; i++) {
      points.rho[i] = rho[i];
      double floor = MIN_RELATIVE_STD * rho[i];
      points.variance[i] =
          Math.max(
              Math.min(
                  POSTERIOR_VARIANCE_FACTOR / equations.information(i), points.variance[i] * 4),
              floor * floor);
    }
  }

  private void depthPriors(PointTracks points, DepthHint measured) {
    double[] unused = new double[2];
    for (int i = 0; i < points.count; i++) {
      boolean isMeasured = measured.at(points.uv[2 * i], points.uv[2 * i + 1], unused);
      prior[i] = isMeasured ? 1 / points.variance[i] : depthPrior(points, i);
    }
  }

  /** Information (1/variance) about a point's inverse depth beside what its keyframes see. */
  static double depthPrior(PointTracks points, int i) {
    return 1 / (points.variance[i] * PRIOR_VARIANCE_FACTOR);
  }

  /** How exactly the last window's points were seen, one standard deviation of a coordinate. */
  double noisePx() {
    return noisePx;
  }

  /** Mean over the last windows, seconds; NaN before the first. */
  double meanReadoutS() {
    return readouts == 0 ? Double.NaN : meanReadoutS;
  }

  /** Takes a readout for learnt, if it is a number. */
  void knowReadout(double newReadoutS) {
    if (newReadoutS >= 0 && newReadoutS <= MAX_READOUT_S) {
      meanReadoutS = newReadoutS;
      readouts = READOUT_MEMORY;
      shutter.setReadoutS(newReadoutS);
    }
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
    double factor = young ? POSE_PRIOR_YOUNG_FACTOR : 1;
    for (int c = 0; c < 3; c++) {
      poseInformation[c] = translation * translation / factor;
      poseInformation[c + 3] = 1 / (factor * POSE_PRIOR_ROTATION_RAD * POSE_PRIOR_ROTATION_RAD);
    }
  }

  private double posePriors(Se3[] poses, boolean addToEquations) {
    double re = trialReadoutS - meanReadoutS;
    double sum = re * re * READOUT_INFORMATION + past.cost(keyframes, poses);
    if (addToEquations) {
      equations.addReadoutPrior(re, READOUT_INFORMATION);
      past.addTo(equations, keyframes, poses, fixed);
    }
    for (int k = fixed; k < poses.length; k++) {
      double[] e = poses[k].times(believed[k].inverse()).log();
      for (int c = 0; c < 6; c++) {
        sum += e[c] * e[c] * poseInformation[c];
        if (addToEquations) {
          equations.addPosePrior(k, c, e[c], poseInformation[c]);
        }
      }
    }
    return sum;
  }

  private Se3[] stepped(Se3[] poses) {
    Se3[] result = poses.clone();
    double[] delta = new double[6];
    for (int k = fixed; k < poses.length; k++) {
      equations.poseStep(k, delta);
      result[k] = Se3.exp(delta).times(poses[k]).normalised();
    }
    return result;
  }

  private double squaredResidual(PointTracks points, int i, int k, int slot, double d) {
    boolean inFront = term.place(points, i, slot, d, pairs[k][points.host[i]], trialReadoutS);
    return inFront ? term.squaredResidual() : 1e9;
  }

  private double noise(PointTracks points, double atMost) {
    ViewPair.fill(keyframes, poses, pairs);
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

  private double cost(Se3[] candidate, PointTracks points, double noise) {
    ViewPair.fill(keyframes, candidate, pairs);
    double sum = posePriors(candidate, false);
    for (int i = 0; i < points.count; i++) {
      double d = trial[i] - points.rho[i];
      sum += d * d * prior[i];
      for (int k = 0; k < poses.length; k++) {
        int slot = keyframes.get(k).slot();
        if (points.host[i] != slot && points.isSeen(slot, i)) {
          double r2 = squaredResidual(points, i, k, slot, trial[i]) / (noise * noise);
          sum += WindowEquations.robust(r2);
        }
      }
    }
    return sum;
  }

  private double linearise(PointTracks points, double noise) {
    ViewPair.fill(keyframes, poses, pairs);
    equations.clear();
    int[] indexOfSlot = new int[PointTracks.SLOTS];
    for (int k = 0; k < poses.length; k++) {
      indexOfSlot[keyframes.get(k).slot()] = k;
    }
    double sum = posePriors(poses, true);
    for (int i = 0; i < points.count; i++) {
      double error = points.rho[i] - rho[i];
      sum += error * error * prior[i];
      equations.beginPoint(i, error, prior[i]);
      int host = indexOfSlot[points.host[i]];
      for (int k = 0; k < poses.length; k++) {
        int slot = keyframes.get(k).slot();
        if (k != host && points.isSeen(slot, i)) {
          sum += addObservation(points, i, k, host, slot, 1 / (noise * noise));
        }
      }
      equations.eliminate(i);
    }
    return sum;
  }

  private double addObservation(
      PointTracks points, int i, int k, int host, int slot, double inverseNoise2) {
    ViewPair pair = pairs[k][points.host[i]];
    if (!term.place(points, i, slot, rho[i], pair, trialReadoutS)) {
      return WindowEquations.worst();
    }
    term.differentiate(points, i, slot, rho[i], pair);
    return equations.addRobust(term, i, k, host, inverseNoise2);
  }
}
