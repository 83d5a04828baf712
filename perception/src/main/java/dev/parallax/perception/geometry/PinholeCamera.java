package dev.parallax.perception.geometry;

/**
 * The ideal camera: {@code u = fx x/z + cx}, {@code v = fy y/z + cy}.
 *
 * @throws IllegalArgumentException if the size or a focal length is not positive and finite
 */
public record PinholeCamera(int width, int height, double fx, double fy, double cx, double cy)
    implements CameraModel {
  public PinholeCamera {
    if (width <= 0 || height <= 0 || !(fx > 0 && fx < 1e9) || !(fy > 0 && fy < 1e9)) {
      throw new IllegalArgumentException(
          "Pinhole camera %dx%d with fx %s fy %s is not usable".formatted(width, height, fx, fy));
    }
  }

  @Override
  public String name() {
    return "pinhole";
  }

  @Override
  public boolean project(double x, double y, double z, double[] uv) {
    if (!(z > 0)) {
      return false;
    }
    uv[0] = fx * x / z + cx;
    uv[1] = fy * y / z + cy;
    return true;
  }

  @Override
  public boolean projectWithJacobian(double x, double y, double z, double[] uv, double[] jacobian) {
    if (!project(x, y, z, uv)) {
      return false;
    }
    double iz = 1 / z;
    jacobian[0] = fx * iz;
    jacobian[1] = 0;
    jacobian[2] = -fx * x * iz * iz;
    jacobian[3] = 0;
    jacobian[4] = fy * iz;
    jacobian[5] = -fy * y * iz * iz;
    return true;
  }

  @Override
  public boolean unproject(double u, double v, double[] ray) {
    double x = (u - cx) / fx;
    double y = (v - cy) / fy;
    double n = 1 / Math.sqrt(x * x + y * y + 1);
    ray[0] = x * n;
    ray[1] = y * n;
    ray[2] = n;
    return true;
  }

  @Override
  public PinholeCamera rectified() {
    return this;
  }

  /**
   * The camera of the picture made by keeping one sample for each {@code stride x stride} block,
   * taken at the block's centre.
   */
  public PinholeCamera reducedBy(int stride) {
    double shift = (stride - 1) / 2.0;
    return new PinholeCamera(
        width / stride,
        height / stride,
        fx / stride,
        fy / stride,
        (cx - shift) / stride,
        (cy - shift) / stride);
  }
}
