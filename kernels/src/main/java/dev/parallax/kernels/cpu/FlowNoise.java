package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DepthGrid;

/**
 * How sure flow can be, from the picture's texture: the inverse of the gradient's structure tensor
 * over a window, which is the least-squares covariance of a translation (Shi and Tomasi 1994).
 * Along an edge flow knows little, across it much.
 *
 * <p>The texture that counts is what dense inverse search sees at its finest scale, a quarter of
 * the picture: finer grain does not help it.
 */
final class FlowNoise {
  /** Picture pixels per pixel of the finest scale that flow is searched at. */
  private static final int FLOW_SCALE = 4;

  private static final int RADIUS = 3;

  /** Grey levels that two views of a point differ by: noise, light, foreshortening. */
  private static final float GREY_STD = 6;

  /** How many of a window's gradients count as independent. */
  private static final float INDEPENDENT = 25;

  /** Flow is smooth: even without any texture it is not off by more than this, pixels. */
  private static final float SMOOTHNESS_STD_PX = 6;

  private final DepthGrid grid;
  private final int width;
  private final int height;
  private final float[] coarse;
  private final float[] xx;
  private final float[] xy;
  private final float[] yy;
  private final float[] row;

  FlowNoise(DepthGrid grid) {
    this.grid = grid;
    width = grid.picture().width() / FLOW_SCALE;
    height = grid.picture().height() / FLOW_SCALE;
    coarse = new float[width * height];
    xx = new float[width * height];
    xy = new float[width * height];
    yy = new float[width * height];
    row = new float[3 * width];
  }

  boolean fits(DepthGrid other) {
    return grid.equals(other);
  }

  /** Fills {@code out [h w 3]} with the covariance (uu, uv, vv), squared picture pixels. */
  void run(byte[] grey, float minStdPx, float[] out) {
    reduce(grid.picture().width(), grey);
    gradients();
    smoothColumns();
    float minimum = minStdPx * minStdPx;
    float scale = INDEPENDENT / (GREY_STD * GREY_STD);
    float prior = 1 / (SMOOTHNESS_STD_PX * SMOOTHNESS_STD_PX);
    for (int i = 0; i < width * height; i++) {
      float a = scale * xx[i] + prior;
      float b = scale * xy[i];
      float c = scale * yy[i] + prior;
      float inverse = 1 / Math.max(a * c - b * b, prior * prior);
      xx[i] = c * inverse + minimum;
      xy[i] = -b * inverse;
      yy[i] = a * inverse + minimum;
    }
    spread(out);
  }

  private void spread(float[] out) {
    int rowLength = 3 * grid.width();
    int before = -1;
    for (int v = 0; v < grid.height(); v++) {
      int from = Math.min(v * grid.stride() / FLOW_SCALE, height - 1);
      if (from == before) {
        System.arraycopy(out, (v - 1) * rowLength, out, v * rowLength, rowLength);
      } else {
        spreadRow(from * width, out, v * rowLength);
      }
      before = from;
    }
  }

  private void spreadRow(int from, float[] out, int at) {
    for (int u = 0; u < grid.width(); u++) {
      int i = from + Math.min(u * grid.stride() / FLOW_SCALE, width - 1);
      int j = at + 3 * u;
      out[j] = xx[i];
      out[j + 1] = xy[i];
      out[j + 2] = yy[i];
    }
  }

  private void reduce(int pictureWidth, byte[] grey) {
    float weight = 1f / (FLOW_SCALE * FLOW_SCALE);
    for (int v = 0; v < height; v++) {
      for (int u = 0; u < width; u++) {
        int sum = 0;
        for (int dv = 0; dv < FLOW_SCALE; dv++) {
          int base = (v * FLOW_SCALE + dv) * pictureWidth + u * FLOW_SCALE;
          for (int du = 0; du < FLOW_SCALE; du++) {
            sum += grey[base + du] & 0xff;
          }
        }
        coarse[v * width + u] = sum * weight;
      }
    }
  }

  /** Products of the gradients, per picture pixel, already averaged along rows. */
  private void gradients() {
    float step = 0.5f / FLOW_SCALE;
    for (int v = 0; v < height; v++) {
      int up = Math.max(v - 1, 0) * width;
      int down = Math.min(v + 1, height - 1) * width;
      for (int u = 0; u < width; u++) {
        int i = v * width + u;
        float gx =
            step * (coarse[v * width + Math.min(u + 1, width - 1)] - coarse[i - (u > 0 ? 1 : 0)]);
        float gy = step * (coarse[down + u] - coarse[up + u]);
        row[u] = gx * gx;
        row[width + u] = gx * gy;
        row[2 * width + u] = gy * gy;
      }
      slide(row, 0, 1, width, xx, v * width, 1);
      slide(row, width, 1, width, xy, v * width, 1);
      slide(row, 2 * width, 1, width, yy, v * width, 1);
    }
  }

  private void smoothColumns() {
    float[] column = new float[height];
    for (float[] field : new float[][] {xx, xy, yy}) {
      for (int u = 0; u < width; u++) {
        for (int v = 0; v < height; v++) {
          column[v] = field[v * width + u];
        }
        slide(column, 0, 1, height, field, u, width);
      }
    }
  }

  /** Running mean over {@code 2 RADIUS + 1} values, fewer at the ends. */
  private static void slide(
      float[] in, int inOffset, int inStep, int n, float[] out, int outOffset, int outStep) {
    float sum = 0;
    for (int k = 0; k < Math.min(RADIUS, n); k++) {
      sum += in[inOffset + k * inStep];
    }
    for (int k = 0; k < n; k++) {
      if (k + RADIUS < n) {
        sum += in[inOffset + (k + RADIUS) * inStep];
      }
      if (k - RADIUS - 1 >= 0) {
        sum -= in[inOffset + (k - RADIUS - 1) * inStep];
      }
      int count = Math.min(k + RADIUS, n - 1) - Math.max(k - RADIUS, 0) + 1;
      out[outOffset + k * outStep] = sum / count;
    }
  }
}
