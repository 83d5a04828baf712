package dev.parallax.kernels.cpu;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import java.util.Arrays;
import java.util.Random;

/**
 * A grey texture known at every real position, a sum of waves of 9 to 80 pixels, so that a picture
 * shifted by any part of a pixel is exact but for the rounding of grey levels.
 */
final class SmoothTexture {
  private static final int WAVES = 40;

  private final double[] fu = new double[WAVES];
  private final double[] fv = new double[WAVES];
  private final double[] phase = new double[WAVES];

  SmoothTexture(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < WAVES; i++) {
      double wavelengthPx = 9 * Math.pow(80.0 / 9, random.nextDouble());
      double direction = random.nextDouble() * 2 * Math.PI;
      fu[i] = 2 * Math.PI * Math.cos(direction) / wavelengthPx;
      fv[i] = 2 * Math.PI * Math.sin(direction) / wavelengthPx;
      phase[i] = random.nextDouble() * 2 * Math.PI;
    }
  }

  /** The texture moved by (du, dv): what was at u is now at u + d. */
  DeviceBuffer shifted(
      PerceptionKernels kernels, BufferScope scope, Shape shape, double du, double dv) {
    byte[] picture = new byte[shape.pixels()];
    double[] row = new double[shape.width()];
    for (int v = 0; v < shape.height(); v++) {
      sumWaves(-du, v - dv, row);
      for (int u = 0; u < row.length; u++) {
        picture[v * row.length + u] =
            (byte) Math.max(0, Math.min(255, Math.round(128 + 20 * row[u])));
      }
    }
    DeviceBuffer buffer = scope.u8(shape);
    kernels.upload(picture, buffer);
    return buffer;
  }

  private void sumWaves(double u0, double v, double[] row) {
    Arrays.fill(row, 0);
    for (int i = 0; i < WAVES; i++) {
      double angle = fu[i] * u0 + fv[i] * v + phase[i];
      double sin = Math.sin(angle);
      double cos = Math.cos(angle);
      double stepSin = Math.sin(fu[i]);
      double stepCos = Math.cos(fu[i]);
      for (int u = 0; u < row.length; u++) {
        row[u] += sin;
        double next = sin * stepCos + cos * stepSin;
        cos = cos * stepCos - sin * stepSin;
        sin = next;
      }
    }
  }
}
