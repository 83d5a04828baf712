package dev.parallax.sim.eval.depth;

import java.util.ArrayDeque;

/**
 * Edges of a depth picture: Canny (1986) on the logarithm of depth, so that an edge is a ratio of
 * depths, whatever the unit. Sobel gradients where all nine pixels are known, thinned to the ridge
 * across the edge, and followed from strong to weak.
 */
final class DepthEdges {
  /** A step of 10 % between neighbours has a normalised Sobel gradient of about half of that. */
  private static final double STRONG = 0.05;

  private static final double WEAK = 0.025;
  private static final double TAN_22_5_DEG = 0.41421356;

  private final int width;
  private final int height;
  private final float[] log;
  private final float[] gx;
  private final float[] gy;
  private final float[] strength;

  private DepthEdges(int width, int height, float[] depth) {
    this.width = width;
    this.height = height;
    this.log = new float[depth.length];
    this.gx = new float[depth.length];
    this.gy = new float[depth.length];
    this.strength = new float[depth.length];
    for (int i = 0; i < depth.length; i++) {
      log[i] = depth[i] > 0 ? (float) Math.log(depth[i]) : Float.NaN;
    }
  }

  /** {@code [h w]} true on edge pixels; none where depth around them is unknown. */
  static boolean[] of(int width, int height, float[] depth) {
    DepthEdges edges = new DepthEdges(width, height, depth);
    edges.differentiate();
    return edges.follow();
  }

  private void differentiate() {
    for (int row = 1; row < height - 1; row++) {
      for (int i = row * width + 1; i < row * width + width - 1; i++) {
        float nw = log[i - width - 1];
        float n = log[i - width];
        float ne = log[i - width + 1];
        float sw = log[i + width - 1];
        float s = log[i + width];
        float se = log[i + width + 1];
        float dx = (ne + 2 * log[i + 1] + se - nw - 2 * log[i - 1] - sw) / 8;
        float dy = (sw + 2 * s + se - nw - 2 * n - ne) / 8;
        if (!Float.isNaN(dx + dy + log[i])) {
          gx[i] = dx;
          gy[i] = dy;
          strength[i] = (float) Math.hypot(dx, dy);
        }
      }
    }
  }

  private boolean[] follow() {
    boolean[] edge = new boolean[log.length];
    ArrayDeque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < edge.length; i++) {
      if (strength[i] >= STRONG && isRidge(i)) {
        edge[i] = true;
        open.push(i);
      }
    }
    while (!open.isEmpty()) {
      int i = open.pop();
      for (int dv = -1; dv <= 1; dv++) {
        for (int du = -1; du <= 1; du++) {
          int j = i + dv * width + du; // inside: strength is zero on the border
          if (!edge[j] && strength[j] >= WEAK && isRidge(j)) {
            edge[j] = true;
            open.push(j);
          }
        }
      }
    }
    return edge;
  }

  /** Whether no neighbour along the gradient is stronger; of two alike the later one stays. */
  private boolean isRidge(int i) {
    double ax = Math.abs(gx[i]);
    double ay = Math.abs(gy[i]);
    int step;
    if (ay < TAN_22_5_DEG * ax) {
      step = 1;
    } else if (ax < TAN_22_5_DEG * ay) {
      step = width;
    } else {
      step = (gx[i] > 0) == (gy[i] > 0) ? width + 1 : width - 1;
    }
    return strength[i] >= strength[i - step] && strength[i] > strength[i + step];
  }
}
