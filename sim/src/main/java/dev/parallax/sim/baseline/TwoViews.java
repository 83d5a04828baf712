package dev.parallax.sim.baseline;

import dev.parallax.perception.geometry.Se3;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.opencv.global.opencv_calib3d;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.jspecify.annotations.Nullable;

/** The geometry of two pictures: their relative pose, and points seen by both. */
final class TwoViews {
  private static final double CONFIDENCE = 0.999;
  private static final int MAX_TRIALS = 1000;

  private TwoViews() {}

  /**
   * What the five points said.
   *
   * @param T_b_a from the first camera to the second; its translation has length 1
   * @param inlier {@code [n]} which points agree and lie before both cameras
   */
  record RelativePose(Se3 T_b_a, boolean[] inlier, int inliers) {}

  /**
   * Five points in RANSAC (Nister 2004), then the one decomposition with the points in front.
   *
   * @param a {@code [n 2]} rays in the first camera, x/z and y/z
   * @param b {@code [n 2]} in the second
   * @param maxError distance from the epipolar line, on the plane z = 1
   */
  static Optional<RelativePose> relativePose(double[] a, double[] b, double maxError) {
    int n = a.length / 2;
    if (n < 5) {
      return Optional.empty();
    }
    try (Mat am = points(a, 2);
        Mat bm = points(b, 2);
        Mat identity = Mat.eye(3, 3, opencv_core.CV_64F).asMat();
        Mat mask = new Mat();
        Mat rotation = new Mat();
        Mat translation = new Mat();
        Mat essential =
            opencv_calib3d.findEssentialMat(
                am, bm, identity, opencv_calib3d.RANSAC, CONFIDENCE, maxError, MAX_TRIALS, mask)) {
      if (essential.rows() != 3 || essential.cols() != 3) {
        return Optional.empty();
      }
      int inliers =
          opencv_calib3d.recoverPose(essential, am, bm, identity, rotation, translation, mask);
      boolean[] inlier = new boolean[n];
      BytePointer flags = new BytePointer(mask.data());
      for (int i = 0; i < n; i++) {
        inlier[i] = flags.get(i) != 0;
      }
      return Optional.of(
          new RelativePose(Se3.of(doubles(rotation, 9), doubles(translation, 3)), inlier, inliers));
    }
  }

  /**
   * The middle of the shortest line between two viewing rays.
   *
   * @param minSine sine of the angle between the rays, at least
   * @return {@code [3]} in the common frame; null if the rays are too nearly parallel or meet
   *     behind a camera
   */
  static double @Nullable [] triangulate(
      Se3 T_world_a, double ax, double ay, Se3 T_world_b, double bx, double by, double minSine) {
    double[] p = direction(T_world_a, ax, ay);
    double[] q = direction(T_world_b, bx, by);
    double dx = T_world_b.tx() - T_world_a.tx();
    double dy = T_world_b.ty() - T_world_a.ty();
    double dz = T_world_b.tz() - T_world_a.tz();
    double c = p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
    double sine2 = 1 - c * c;
    if (sine2 < minSine * minSine) {
      return null;
    }
    double dp = dx * p[0] + dy * p[1] + dz * p[2];
    double dq = dx * q[0] + dy * q[1] + dz * q[2];
    double s = (dp - c * dq) / sine2;
    double t = (c * dp - dq) / sine2;
    if (!(s > 0 && t > 0)) {
      return null;
    }
    return new double[] {
      (T_world_a.tx() + s * p[0] + T_world_b.tx() + t * q[0]) / 2,
      (T_world_a.ty() + s * p[1] + T_world_b.ty() + t * q[1]) / 2,
      (T_world_a.tz() + s * p[2] + T_world_b.tz() + t * q[2]) / 2
    };
  }

  private static double[] direction(Se3 T_world_cam, double x, double y) {
    double n = 1 / Math.sqrt(x * x + y * y + 1);
    double[] d = new double[3];
    for (int k = 0; k < 3; k++) {
      d[k] = n * (T_world_cam.r(k, 0) * x + T_world_cam.r(k, 1) * y + T_world_cam.r(k, 2));
    }
    return d;
  }

  /** {@code [n channels]} as a column of doubles. */
  static Mat points(double[] values, int channels) {
    Mat mat = new Mat(values.length / channels, 1, opencv_core.CV_64FC(channels));
    new DoublePointer(mat.data()).put(values);
    return mat;
  }

  static double[] doubles(Mat mat, int n) {
    double[] values = new double[n];
    new DoublePointer(mat.data()).get(values);
    return values;
  }
}
