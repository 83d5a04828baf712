package dev.parallax.perception.geometry;

/**
 * How a camera maps points to pixels. Points are in the optical frame (x right, y down, z forward,
 * metres); pixels have their centre at whole numbers. Immutable and thread-safe.
 */
public interface CameraModel {
  /** The model's name as in ROS CameraInfo or YAML, e.g. {@code plumb_bob}. */
  String name();

  /** Picture width the parameters are for, pixels. */
  int width();

  /** Picture height the parameters are for, pixels. */
  int height();

  /**
   * Projects a point.
   *
   * @param uv receives {@code [2]} the pixel
   * @return false if the point has no image under this model (behind the camera, outside the
   *     model's domain); the pixel may still lie outside the picture
   */
  boolean project(double x, double y, double z, double[] uv);

  /**
   * Projects and differentiates.
   *
   * @param jacobian receives {@code [2 3]} row-major d(u,v)/d(x,y,z), pixels per metre
   */
  boolean projectWithJacobian(double x, double y, double z, double[] uv, double[] jacobian);

  /**
   * The viewing ray of a pixel.
   *
   * @param ray receives {@code [3]} a unit vector in the optical frame
   * @return false if no ray maps to this pixel
   */
  boolean unproject(double u, double v, double[] ray);

  /**
   * The pinhole camera whose picture an undistorted picture of this camera is: as large, with the
   * same focal length, so that full resolution is kept.
   */
  PinholeCamera rectified();

  /** Whether pictures of this camera are already those of {@link #rectified()}. */
  default boolean isRectified() {
    return this instanceof PinholeCamera;
  }
}
