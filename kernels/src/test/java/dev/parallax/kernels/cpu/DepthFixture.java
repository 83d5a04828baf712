package dev.parallax.kernels.cpu;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels.Estimate;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Intrinsics;
import dev.parallax.kernels.Shape;
import java.util.Arrays;

/** A small camera of focal length 100 px with the buffers that the depth kernels work on. */
final class DepthFixture implements AutoCloseable {
  static final double FOCAL_PX = 100;

  final CpuKernels kernels;
  final BufferScope scope;
  final DepthGrid grid;

  DepthFixture(int height, int width, int stride, int threads) {
    kernels = new CpuKernels(threads);
    scope = kernels.openScope();
    grid =
        new DepthGrid(
            Shape.of(height, width),
            new Intrinsics(FOCAL_PX, FOCAL_PX, (width - 1) / 2.0, (height - 1) / 2.0),
            stride);
  }

  /** Every pixel alike. */
  DeviceBuffer filled(Shape shape, float... pixel) {
    float[] values = new float[shape.pixels() * pixel.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = pixel[i % pixel.length];
    }
    return buffer(shape.withChannels(pixel.length), values);
  }

  DeviceBuffer buffer(Shape shape, float... values) {
    DeviceBuffer buffer = scope.f32(shape);
    kernels.upload(values, buffer);
    return buffer;
  }

  Estimate estimate(float inverseDepth, float variance, float motion) {
    Shape shape = grid.shape();
    return new Estimate(
        filled(shape, inverseDepth), filled(shape, variance), filled(shape, motion));
  }

  Estimate unknown() {
    Estimate estimate = estimate(0, 0, 0);
    kernels.depth().clear(estimate);
    return estimate;
  }

  float[] read(DeviceBuffer buffer) {
    float[] values = new float[buffer.shape().elements()];
    kernels.download(buffer, values);
    return values;
  }

  /** Picture pixel of a grid pixel's centre seen as a slope x/z. */
  double slope(int gridU) {
    double u = gridU * grid.stride() + grid.centre();
    return (u - grid.camera().cx()) / FOCAL_PX;
  }

  double slopeV(int gridV) {
    double v = gridV * grid.stride() + grid.centre();
    return (v - grid.camera().cy()) / FOCAL_PX;
  }

  /**
   * The flow that a wall facing the camera shows for a motion without rotation, grid pixels.
   *
   * @param inverseDepth of the wall in the camera that the flow starts from
   * @param t translation that maps points of the starting camera to the other one
   */
  DeviceBuffer wallFlow(double inverseDepth, double... t) {
    float[] uv = new float[2 * grid.shape().pixels()];
    double focal = FOCAL_PX / grid.stride();
    for (int v = 0; v < grid.height(); v++) {
      for (int u = 0; u < grid.width(); u++) {
        double x = slope(u);
        double y = slopeV(v);
        double z = 1 + inverseDepth * t[2];
        int i = 2 * (v * grid.width() + u);
        uv[i] = (float) (focal * ((x + inverseDepth * t[0]) / z - x));
        uv[i + 1] = (float) (focal * ((y + inverseDepth * t[1]) / z - y));
      }
    }
    return buffer(grid.shape().withChannels(2), uv);
  }

  /** A motion without rotation, row-major 3x4. */
  static double[] translation(double x, double y, double z) {
    return new double[] {1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z};
  }

  static float[] constant(int n, float value) {
    float[] values = new float[n];
    Arrays.fill(values, value);
    return values;
  }

  @Override
  public void close() {
    scope.close();
    kernels.close();
  }
}
