package dev.parallax.perception.pipeline;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.geometry.UndistortionMap;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Brings a sensor's depth, which lies on the distorted picture, onto the depth grid. */
final class SensorDepthSampler {
  /** What a structured-light or stereo sensor may be off where it does not say itself. */
  private static final float DEFAULT_RELATIVE_STD = 0.02f;

  private final DepthGrid grid;
  private final @Nullable UndistortionMap map;
  final float[] depthM;
  final float[] stdM;

  SensorDepthSampler(DepthGrid grid, @Nullable UndistortionMap map) {
    this.grid = grid;
    this.map = map;
    depthM = new float[grid.shape().pixels()];
    stdM = new float[grid.shape().pixels()];
  }

  /** Fills {@link #depthM} and {@link #stdM}, {@code [h w]}, NaN where the sensor saw nothing. */
  void sample(DepthMap sensor) {
    Arrays.fill(depthM, Float.NaN);
    Arrays.fill(stdM, Float.NaN);
    int width = grid.picture().width();
    float scaleU = (float) sensor.width() / width;
    float scaleV = (float) sensor.height() / grid.picture().height();
    for (int v = 0; v < grid.height(); v++) {
      for (int u = 0; u < grid.width(); u++) {
        int pu = u * grid.stride() + (grid.stride() - 1) / 2;
        int pv = v * grid.stride() + (grid.stride() - 1) / 2;
        float su = pu;
        float sv = pv;
        if (map != null) {
          su = map.sourceUv()[2 * (pv * width + pu)];
          sv = map.sourceUv()[2 * (pv * width + pu) + 1];
        }
        // Pixel centres lie at whole numbers: the picture's left edge is at -0.5 on either grid.
        int x = (int) Math.floor((su + 0.5f) * scaleU);
        int y = (int) Math.floor((sv + 0.5f) * scaleV);
        if (Float.isNaN(su) || x < 0 || y < 0 || x >= sensor.width() || y >= sensor.height()) {
          continue;
        }
        float depth = sensor.depthM()[y * sensor.width() + x];
        float std = sensor.stdM()[y * sensor.width() + x];
        int i = v * grid.width() + u;
        if (depth > 0 && depth < Float.POSITIVE_INFINITY) {
          depthM[i] = depth;
          stdM[i] = std > 0 ? std : DEFAULT_RELATIVE_STD * depth;
        }
      }
    }
  }

  /**
   * What the last {@link #sample} found at a pixel of the rectified picture.
   *
   * @param out receives {@code [2]} inverse depth and its variance
   * @return false where the sensor saw nothing
   */
  boolean at(float u, float v, double[] out) {
    int i = grid.indexAt(u, v);
    if (i < 0 || !(depthM[i] > 0)) {
      return false;
    }
    double relative = stdM[i] / depthM[i];
    out[0] = 1.0 / depthM[i];
    out[1] = relative * relative * out[0] * out[0];
    return true;
  }
}
