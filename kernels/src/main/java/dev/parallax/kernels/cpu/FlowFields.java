package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Shape;
import java.util.Arrays;

/** Chaining, closing and inverting of flow fields, row by row on all threads. */
final class FlowFields {
  private final RowWorkers rows;

  FlowFields(RowWorkers rows) {
    this.rows = rows;
  }

  /** One field {@code [h w 2]} that is read between its pixels. */
  private record Field(float[] uv, int w) {
    /** Where in the array the pixel above and left of a place begins. */
    int index(float x, float y) {
      return 2 * ((int) y * w + (int) x);
    }

    /** Adds one component between four pixels; the fractions are those of the place. */
    float addTo(float start, int j, float fx, float fy) {
      int k = j + 2 * w;
      // Summed from the left, as on the GPU: results are held against each other to the bit.
      return start
          + (1 - fx) * (1 - fy) * uv[j]
          + fx * (1 - fy) * uv[j + 2]
          + (1 - fx) * fy * uv[k]
          + fx * fy * uv[k + 2];
    }
  }

  void compose(DeviceBuffer first, DeviceBuffer second, DeviceBuffer out) {
    int w = first.shape().width();
    int h = first.shape().height();
    float[] a = HostBuffer.floats(first);
    float[] c = HostBuffer.floats(out);
    Field b = new Field(HostBuffer.floats(second), w);
    rows.run(
        h,
        (begin, end) -> {
          for (int v = begin; v < end; v++) {
            for (int u = 0; u < w; u++) {
              int i = 2 * (v * w + u);
              float x = Math.min(Math.max(u + a[i], 0), w - 1.001f);
              float y = Math.min(Math.max(v + a[i + 1], 0), h - 1.001f);
              int j = b.index(x, y);
              float fx = x - (int) x;
              float fy = y - (int) y;
              c[i] = b.addTo(a[i], j, fx, fy);
              c[i + 1] = b.addTo(a[i + 1], j + 1, fx, fy);
            }
          }
        });
  }

  void inconsistency(DeviceBuffer backward, DeviceBuffer forward, DeviceBuffer out) {
    Shape shape = backward.shape();
    float[] b = HostBuffer.floats(backward);
    float[] c = HostBuffer.floats(out);
    Field f = new Field(HostBuffer.floats(forward), shape.width());
    rows.run(shape.height(), (begin, end) -> closeRows(b, f, c, shape, begin, end));
  }

  private static void closeRows(float[] b, Field f, float[] c, Shape shape, int begin, int end) {
    int w = shape.width();
    int h = shape.height();
    for (int v = begin; v < end; v++) {
      for (int u = 0; u < w; u++) {
        int p = v * w + u;
        int i = 2 * p;
        float x = u + b[i];
        float y = v + b[i + 1];
        if (!(x >= 0 && y >= 0 && x < w - 1 && y < h - 1)) {
          c[p] = Float.POSITIVE_INFINITY;
          continue;
        }
        int j = f.index(x, y);
        float fx = x - (int) x;
        float fy = y - (int) y;
        float du = f.addTo(b[i], j, fx, fy);
        float dv = f.addTo(b[i + 1], j + 1, fx, fy);
        c[p] = (float) Math.sqrt(du * du + dv * dv);
      }
    }
  }

  /** On the calling thread alone: where two pixels meet, the later one stays. */
  void invert(DeviceBuffer flow, DeviceBuffer inverse) {
    int w = flow.shape().width();
    int h = flow.shape().height();
    float[] f = HostBuffer.floats(flow);
    float[] g = HostBuffer.floats(inverse);
    Arrays.fill(g, Float.NaN);
    for (int v = 0; v < h; v++) {
      for (int u = 0; u < w; u++) {
        int i = 2 * (v * w + u);
        // As Math.round does, at a fraction of its time; exact in double.
        double x = (double) (u + f[i]) + 0.5;
        double y = (double) (v + f[i + 1]) + 0.5;
        if (x >= 0 && y >= 0 && x < w && y < h) {
          int j = 2 * ((int) y * w + (int) x);
          g[j] = -f[i];
          g[j + 1] = -f[i + 1];
        }
      }
    }
    fillFromBefore(f, g, w);
  }

  private static void fillFromBefore(float[] f, float[] g, int w) {
    for (int i = 0; i < g.length; i += 2) {
      if (Float.isNaN(g[i])) {
        int from = i % (2 * w) > 0 ? i - 2 : i - 2 * w;
        g[i] = from >= 0 ? g[from] : -f[0];
        g[i + 1] = from >= 0 ? g[from + 1] : -f[1];
      }
    }
  }
}
