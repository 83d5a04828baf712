package dev.parallax.sim.baseline;

import dev.parallax.perception.geometry.Se3;
import java.util.Optional;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_calib3d;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

/** The pose of a camera that sees known points (PnP in RANSAC, refined on its inliers). */
final class PointsAndPose {
  private static final int TRIALS = 200;
  private static final double CONFIDENCE = 0.999;

  private PointsAndPose() {}

  /**
   * What was found.
   *
   * @param inlier {@code [n]} which points agree
   */
  record Pose(Se3 T_cam_odom, boolean[] inlier, int inliers) {}

  /**
   * @param odom {@code [n 3]} points
   * @param rays {@code [n 2]} where the camera sees them, x/z and y/z
   * @param guess T_cam_odom to start from
   * @param maxError of an inlier on the plane z = 1
   */
  static Optional<Pose> solve(double[] odom, double[] rays, Se3 guess, double maxError) {
    int n = rays.length / 2;
    if (n < 6) {
      return Optional.empty();
    }
    double[] t = guess.translation();
    try (Mat object = TwoViews.points(odom, 3);
        Mat image = TwoViews.points(rays, 2);
        Mat identity = Mat.eye(3, 3, opencv_core.CV_64F).asMat();
        Mat undistorted = new Mat();
        Mat turn = column(guess.rotationVector());
        Mat shift = column(t);
        Mat inliers = new Mat();
        Mat rotation = new Mat()) {
      boolean found =
          opencv_calib3d.solvePnPRansac(
              object,
              image,
              identity,
              undistorted,
              turn,
              shift,
              true,
              TRIALS,
              (float) maxError,
              CONFIDENCE,
              inliers,
              opencv_calib3d.SOLVEPNP_ITERATIVE);
      if (!found || inliers.rows() == 0) {
        return Optional.empty();
      }
      opencv_calib3d.Rodrigues(turn, rotation);
      boolean[] inlier = new boolean[n];
      IntPointer at = new IntPointer(inliers.data());
      for (int k = 0; k < inliers.rows(); k++) {
        inlier[at.get(k)] = true;
      }
      Se3 pose = Se3.of(TwoViews.doubles(rotation, 9), TwoViews.doubles(shift, 3));
      return pose.isFinite()
          ? Optional.of(new Pose(pose, inlier, inliers.rows()))
          : Optional.empty();
    }
  }

  private static Mat column(double[] values) {
    Mat mat = new Mat(3, 1, opencv_core.CV_64F);
    new DoublePointer(mat.data()).put(values);
    return mat;
  }
}
