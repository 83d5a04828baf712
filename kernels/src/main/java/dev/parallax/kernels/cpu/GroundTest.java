package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DepthGrid;

/** Leaves out what lies farther than the ground that would hide it. */
final class GroundTest {
  private static final byte UNKNOWN_LABEL = 127;
  private static final byte STATIC_LABEL = 0;

  private final int width;
  private final float[] slopeX;
  private final float[] slopeY;
  private final float[] ground;
  private final float[] rho;
  private final float[] variance;
  private final float[] depth;
  private final float[] std;
  private final byte[] labels;

  GroundTest(
      DepthGrid grid,
      float[] ground,
      float[] rho,
      float[] variance,
      float[] depth,
      float[] std,
      byte[] labels) {
    width = grid.width();
    slopeX = grid.columnSlopes();
    slopeY = grid.rowSlopes();
    this.ground = ground;
    this.rho = rho;
    this.variance = variance;
    this.depth = depth;
    this.std = std;
    this.labels = labels;
  }

  void run(int begin, int end) {
    for (int v = begin; v < end; v++) {
      for (int u = 0; u < width; u++) {
        float ofGround = ground[0] * slopeX[u] + ground[1] * slopeY[v] + ground[2];
        if (ofGround > 0) {
          pixel(v * width + u, ofGround);
        }
      }
    }
  }

  private void pixel(int i, float ofGround) {
    if (rho[i] + 2 * (float) Math.sqrt(variance[i]) < ofGround) {
      depth[i] = Float.NaN;
      std[i] = Float.NaN;
      labels[i] = labels[i] == STATIC_LABEL ? UNKNOWN_LABEL : labels[i];
    }
  }
}
