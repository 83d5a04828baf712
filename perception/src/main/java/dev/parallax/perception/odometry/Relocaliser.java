package dev.parallax.perception.odometry;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Features;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Finds a lost camera by stored keyframes: features matched, lifted by the keyframe's depth, and
 * the rigid motion that most of them agree on (random samples, Fischler and Bolles 1981). Abstains
 * rather than guess: a wrong pose is worse than none. The same input gives the same answer.
 */
final class Relocaliser {
  /** Keyframes looked at for one picture: the newest always, older ones in turn. */
  private static final int NEWEST = 5;

  private static final int OLDER_IN_TURN = 4;
  private static final int MAX_DISTANCE_BITS = 64;
  private static final double MAX_RATIO = 0.85;
  private static final int SAMPLE = 4;
  private static final int MAX_SAMPLES = 120;
  private static final int SAMPLE_ROUNDS = 8;
  private static final int REFINE_ROUNDS = 15;
  private static final double INLIER_PX = 3;
  private static final int MIN_INLIERS = 25;
  private static final double MIN_INLIER_SHARE = 0.4;

  /** How sure a place known by features is: over the depth of the nearest, and radians. */
  private static final double TRANSLATION_STD = 0.05;

  private static final double ROTATION_STD_RAD = 0.01;
  private static final int MAX_MATCHES = 4000;

  /** Inliers must be spread at least so far, standard deviation over the picture's size. */
  private static final double MIN_SPREAD = 0.08;

  private final PinholeCamera camera;
  private final PerceptionKernels kernels;
  private final KeyframeArchive archive;
  private final RayAlignment sampleFit;
  private int turn;

  Relocaliser(PinholeCamera camera, PerceptionKernels kernels, KeyframeArchive archive) {
    this.camera = camera;
    this.kernels = kernels;
    this.archive = archive;
    sampleFit = new RayAlignment(camera.fx(), MAX_MATCHES);
  }

  /**
   * Where the camera was found.
   *
   * @param uv {@code [n 2]} pixels of this picture that agree
   * @param inverseDepth {@code [n]} theirs, in this camera
   * @param score share of the lifted matches that agree, 0..1
   */
  record Found(Se3 T_cam_odom, float[] uv, double[] inverseDepth, double score) {
    int inliers() {
      return inverseDepth.length;
    }

    /** {@code [6 6]} what a few pixels' error in so few points may mean, generously. */
    double[] covariance_cam() {
      double nearest = Arrays.stream(inverseDepth).max().orElse(1);
      double[] covariance = new double[36];
      for (int k = 0; k < 3; k++) {
        covariance[7 * k] = Math.pow(TRANSLATION_STD / nearest, 2);
        covariance[7 * (k + 3)] = ROTATION_STD_RAD * ROTATION_STD_RAD;
      }
      return covariance;
    }
  }

  /** The best place among those looked at for this picture; empty if none is sure enough. */
  Optional<Found> find(DeviceBuffer grey) {
    Features now = archive.describe(grey);
    Optional<Found> best = Optional.empty();
    for (StoredKeyframe keyframe : candidates()) {
      Optional<Found> found = locate(keyframe, now);
      if (found.isPresent() && (best.isEmpty() || found.get().inliers() > best.get().inliers())) {
        best = found;
      }
    }
    return best;
  }

  private List<StoredKeyframe> candidates() {
    List<StoredKeyframe> all = archive.keyframes();
    List<StoredKeyframe> chosen = new ArrayList<>();
    for (int i = all.size() - 1; i >= Math.max(0, all.size() - NEWEST); i--) {
      chosen.add(all.get(i));
    }
    int older = all.size() - chosen.size();
    for (int i = 0; i < Math.min(OLDER_IN_TURN, older); i++) {
      chosen.add(all.get(turn++ % older));
    }
    return chosen;
  }

  /** Matches with depth: points in the keyframe's camera and pixels here. */
  private record Lifted(double[][] point, float[] uv) {
    int count() {
      return point.length;
    }
  }

  private Optional<Found> locate(StoredKeyframe keyframe, Features now) {
    Lifted lifted = lift(keyframe, now);
    if (lifted.count() < MIN_INLIERS) {
      return Optional.empty();
    }
    Optional<Se3> sampled = bestOfSamples(lifted);
    if (sampled.isEmpty()) {
      return Optional.empty();
    }
    Se3 T_cam_key = sampled.get();
    int[] inliers = inliers(lifted, T_cam_key);
    for (int round = 0; round < 2 && inliers.length >= SAMPLE; round++) {
      Optional<RayAlignment.Motion> refined = fit(lifted, inliers, T_cam_key, REFINE_ROUNDS);
      if (refined.isEmpty()) {
        return Optional.empty();
      }
      T_cam_key = refined.get().T_cam_points();
      inliers = inliers(lifted, T_cam_key);
    }
    double score = (double) inliers.length / lifted.count();
    if (inliers.length < MIN_INLIERS || score < MIN_INLIER_SHARE || !isSpread(lifted, inliers)) {
      return Optional.empty();
    }
    return Optional.of(found(keyframe, lifted, inliers, T_cam_key, score));
  }

  private Lifted lift(StoredKeyframe keyframe, Features now) {
    int[] pairs = kernels.features().match(keyframe.features(), now, MAX_DISTANCE_BITS, MAX_RATIO);
    double[][] points = new double[pairs.length / 2][];
    float[] uv = new float[pairs.length];
    int n = 0;
    for (int k = 0; k < pairs.length; k += 2) {
      double z = 1 / keyframe.inverseDepth()[pairs[k]];
      if (z > 0) {
        double x = (keyframe.features().uv()[2 * pairs[k]] - camera.cx()) / camera.fx();
        double y = (keyframe.features().uv()[2 * pairs[k] + 1] - camera.cy()) / camera.fy();
        points[n] = new double[] {x * z, y * z, z};
        uv[2 * n] = now.uv()[2 * pairs[k + 1]];
        uv[2 * n + 1] = now.uv()[2 * pairs[k + 1] + 1];
        n++;
      }
    }
    return new Lifted(Arrays.copyOf(points, n), Arrays.copyOf(uv, 2 * n));
  }

  private Optional<Se3> bestOfSamples(Lifted lifted) {
    SplittableRandom random = new SplittableRandom(1);
    Optional<Se3> best = Optional.empty();
    int most = 0;
    for (int trial = 0; trial < MAX_SAMPLES; trial++) {
      int[] sample = random.ints(SAMPLE, 0, lifted.count()).toArray();
      Optional<RayAlignment.Motion> motion = fit(lifted, sample, Se3.identity(), SAMPLE_ROUNDS);
      if (motion.isEmpty()) {
        continue;
      }
      int agree = inliers(lifted, motion.get().T_cam_points()).length;
      if (agree > most) {
        most = agree;
        best = Optional.of(motion.get().T_cam_points());
      }
    }
    return best;
  }

  private Optional<RayAlignment.Motion> fit(Lifted lifted, int[] which, Se3 start, int rounds) {
    sampleFit.clear();
    for (int i : which) {
      sampleFit.add(
          lifted.point()[i],
          (lifted.uv()[2 * i] - camera.cx()) / camera.fx(),
          (lifted.uv()[2 * i + 1] - camera.cy()) / camera.fy(),
          1);
    }
    return sampleFit.fit(start, rounds);
  }

  private int[] inliers(Lifted lifted, Se3 T_cam_key) {
    int[] result = new int[lifted.count()];
    double[] uv = new double[2];
    int n = 0;
    for (int i = 0; i < lifted.count(); i++) {
      double[] p = lifted.point()[i];
      double[] at = T_cam_key.transform(p[0], p[1], p[2]);
      if (at[2] > 0
          && camera.project(at[0], at[1], at[2], uv)
          && Math.hypot(uv[0] - lifted.uv()[2 * i], uv[1] - lifted.uv()[2 * i + 1]) < INLIER_PX) {
        result[n++] = i;
      }
    }
    return Arrays.copyOf(result, n);
  }

  /** Points that crowd in one place agree on many motions. */
  private boolean isSpread(Lifted lifted, int[] inliers) {
    return spread(lifted, inliers, 0) > MIN_SPREAD * camera.width()
        && spread(lifted, inliers, 1) > MIN_SPREAD * camera.height();
  }

  private static double spread(Lifted lifted, int[] inliers, int axis) {
    double sum = 0;
    double squares = 0;
    for (int i : inliers) {
      double x = lifted.uv()[2 * i + axis];
      sum += x / inliers.length;
      squares += x * x / inliers.length;
    }
    return Math.sqrt(Math.max(0, squares - sum * sum));
  }

  private static Found found(
      StoredKeyframe keyframe, Lifted lifted, int[] inliers, Se3 T_cam_key, double score) {
    float[] uv = new float[2 * inliers.length];
    double[] inverseDepth = new double[inliers.length];
    for (int k = 0; k < inliers.length; k++) {
      double[] p = lifted.point()[inliers[k]];
      inverseDepth[k] = 1 / T_cam_key.transform(p[0], p[1], p[2])[2];
      uv[2 * k] = lifted.uv()[2 * inliers[k]];
      uv[2 * k + 1] = lifted.uv()[2 * inliers[k] + 1];
    }
    return new Found(T_cam_key.times(keyframe.T_cam_odom()).normalised(), uv, inverseDepth, score);
  }
}
