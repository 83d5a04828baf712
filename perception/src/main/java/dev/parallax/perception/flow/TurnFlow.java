package dev.parallax.perception.flow;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.perception.geometry.Se3;

/**
 * The flow that a turn of the camera makes: that of points infinitely far away. Where a turn is
 * large, dense flow is started from it; what a search from nothing finds by itself is left to it.
 * Agent thread only.
 */
final class TurnFlow {
  /** Dense inverse search follows from nothing what moves by less than this share of the width. */
  private static final double LARGE_SHARE = 0.06;

  private final float[] columns;
  private final float[] rows;
  private final double fx; // grid pixels
  private final double fy;
  private final double[] middle;

  TurnFlow(DepthGrid grid) {
    columns = grid.columnSlopes();
    rows = grid.rowSlopes();
    fx = grid.camera().fx() / grid.stride();
    fy = grid.camera().fy() / grid.stride();
    middle = new double[] {columns[columns.length / 2], rows[rows.length / 2]};
  }

  /** Whether the middle of the picture moves farther than a search from nothing would follow. */
  boolean isLarge(Se3 R) {
    double[] p = R.transform(middle[0], middle[1], 1);
    if (!(p[2] > 0)) {
      return true;
    }
    double du = fx * (p[0] / p[2] - middle[0]);
    double dv = fy * (p[1] / p[2] - middle[1]);
    return Math.hypot(du, dv) > LARGE_SHARE * columns.length;
  }

  /**
   * @param R_to_from takes the directions of the grid that flow lies on to those of the other
   *     picture
   * @return {@code [h w 2]} grid pixels; 0 where a direction goes behind the camera
   */
  float[] of(Se3 R_to_from) {
    float[] flow = new float[2 * rows.length * columns.length];
    for (int v = 0, i = 0; v < rows.length; v++) {
      for (int u = 0; u < columns.length; u++, i += 2) {
        double[] p = R_to_from.transform(columns[u], rows[v], 1);
        if (p[2] > 0) {
          flow[i] = (float) (fx * (p[0] / p[2] - columns[u]));
          flow[i + 1] = (float) (fy * (p[1] / p[2] - rows[v]));
        }
      }
    }
    return flow;
  }
}
