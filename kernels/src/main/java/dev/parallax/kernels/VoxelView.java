package dev.parallax.kernels;

/**
 * Where a depth picture was taken from: an ideal pinhole camera, pixel centres at whole numbers,
 * and its pose.
 *
 * @param T_odom_cam {@code [3 4]} row-major, rotation beside translation in metres: maps points of
 *     the optical frame (x right, y down, z forward) to odom
 * @throws IllegalArgumentException if the camera is not usable or the pose is not finite
 */
public record VoxelView(
    int width, int height, double fx, double fy, double cx, double cy, double[] T_odom_cam) {
  public VoxelView {
    if (width <= 0 || height <= 0 || !(fx > 0) || !(fy > 0)) {
      throw new IllegalArgumentException(
          "Depth camera %dx%d with fx %s fy %s is not usable".formatted(width, height, fx, fy));
    }
    if (T_odom_cam.length != 12) {
      throw new IllegalArgumentException(
          "Pose is [3 4], got %d values".formatted(T_odom_cam.length));
    }
    double sum = fx + fy + cx + cy;
    for (double value : T_odom_cam) {
      sum += value;
    }
    if (!Double.isFinite(sum)) {
      throw new IllegalArgumentException(
          "Camera or pose is not finite: integrate only frames whose pose was found");
    }
  }

  /** Element of the rotation from the optical frame to odom. */
  public double r(int row, int column) {
    return T_odom_cam[4 * row + column];
  }

  /** Element of the camera's position in odom, metres. */
  public double t(int row) {
    return T_odom_cam[4 * row + 3];
  }
}
