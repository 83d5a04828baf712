package dev.parallax.perception.flow;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The flow that depth and an expected motion of the camera make, smooth, to start a search from. A
 * road near by moves far and looks the same everywhere: from nothing it is not found again. What
 * lies in gaps of the depth is taken for as far as what is around it. Agent thread only.
 */
public final class ExpectedFlow {
  /**
   * What moves by less, a search finds from nothing: its patches are as wide where it looks
   * closest, and what shows nothing in smaller pictures is found there or nowhere.
   */
  private static final double LARGE_PX = 8;

  /** With a smaller share known, all counts as infinitely far: the camera's turn alone is seen. */
  private static final double LEAST_KNOWN_SHARE = 0.1;

  /** What comes nearer than this share of its depth leaves the view, or its depth is wrong. */
  private static final double LEAST_DEPTH_RATIO = 0.3;

  private static final int CELL_PX = 8;
  private static final int SAMPLES_APART_PX = 2;

  private final int width;
  private final int height;
  private final int columns;
  private final int rows;
  private final float[] columnSlopes;
  private final float[] rowSlopes;
  private final double fx; // grid pixels
  private final double fy;

  /**
   * @param grid flow is kept on, in its pixels
   */
  public ExpectedFlow(DepthGrid grid) {
    width = grid.width();
    height = grid.height();
    columns = (width + CELL_PX - 1) / CELL_PX;
    rows = (height + CELL_PX - 1) / CELL_PX;
    columnSlopes = grid.columnSlopes();
    rowSlopes = grid.rowSlopes();
    fx = grid.camera().fx() / grid.stride();
    fy = grid.camera().fy() / grid.stride();
  }

  /**
   * @param depthM {@code [h w]} of the picture that flow begins in; null where none is known
   * @param T_to_from expected motion of the camera
   * @return {@code [h w 2]} grid pixels; null where nothing moves so far that a search needs it
   */
  public float @Nullable [] of(float @Nullable [] depthM, Se3 T_to_from) {
    double[] flow = flow(inverseDepth(depthM), T_to_from);
    double longest = 0;
    for (int i = 0; i < flow.length; i += 2) {
      longest = Math.max(longest, Math.hypot(flow[i], flow[i + 1]));
    }
    return longest < LARGE_PX ? null : enlarged(flow);
  }

  /** {@code [rows columns]} of the cells, without gaps. */
  private double[] inverseDepth(float @Nullable [] depthM) {
    double[] cells = new double[rows * columns];
    if (depthM == null) {
      return cells;
    }
    int known = 0;
    for (int i = 0; i < cells.length; i++) {
      cells[i] = mean(depthM, i % columns * CELL_PX, i / columns * CELL_PX);
      known += Double.isNaN(cells[i]) ? 0 : 1;
    }
    if (known < LEAST_KNOWN_SHARE * cells.length) {
      Arrays.fill(cells, 0);
    } else {
      fill(cells, rows, columns);
    }
    return cells;
  }

  /** Of a cell's inverse depth; NaN where none is known. */
  private double mean(float[] depth, int left, int top) {
    double sum = 0;
    int known = 0;
    for (int v = top; v < Math.min(height, top + CELL_PX); v += SAMPLES_APART_PX) {
      for (int u = left; u < Math.min(width, left + CELL_PX); u += SAMPLES_APART_PX) {
        float value = depth[v * width + u];
        if (value > 0) {
          sum += 1 / value; // 0 for the sky
          known++;
        }
      }
    }
    return known == 0 ? Double.NaN : sum / known;
  }

  /** Gaps take the mean of what is known around them, of the more the larger they are. */
  private static void fill(double[] cells, int rows, int columns) {
    if (Arrays.stream(cells).noneMatch(Double::isNaN)) {
      return;
    }
    int halfColumns = (columns + 1) / 2;
    int halfRows = (rows + 1) / 2;
    double[] sums = new double[halfRows * halfColumns];
    int[] known = new int[sums.length];
    for (int i = 0; i < cells.length; i++) {
      if (!Double.isNaN(cells[i])) {
        int half = i / columns / 2 * halfColumns + i % columns / 2;
        sums[half] += cells[i];
        known[half]++;
      }
    }
    for (int half = 0; half < sums.length; half++) {
      sums[half] /= known[half]; // NaN of none
    }
    fill(sums, halfRows, halfColumns);
    for (int i = 0; i < cells.length; i++) {
      if (Double.isNaN(cells[i])) {
        cells[i] = sums[i / columns / 2 * halfColumns + i % columns / 2];
      }
    }
  }

  /** {@code [rows columns 2]} in the middle of each cell; 0 where what is there leaves the view. */
  private double[] flow(double[] inverseDepth, Se3 T_to_from) {
    double[] flow = new double[2 * inverseDepth.length];
    Se3 turn = T_to_from.rotationOnly();
    for (int i = 0; i < inverseDepth.length; i++) {
      double x = columnSlopes[Math.min(width - 1, i % columns * CELL_PX + CELL_PX / 2)];
      double y = rowSlopes[Math.min(height - 1, i / columns * CELL_PX + CELL_PX / 2)];
      double[] p = turn.transform(x, y, 1);
      double z = p[2] + T_to_from.tz() * inverseDepth[i];
      if (z > LEAST_DEPTH_RATIO) {
        flow[2 * i] = fx * ((p[0] + T_to_from.tx() * inverseDepth[i]) / z - x);
        flow[2 * i + 1] = fy * ((p[1] + T_to_from.ty() * inverseDepth[i]) / z - y);
      }
    }
    return flow;
  }

  /** From the middles of the cells to all pixels, bilinear. */
  private float[] enlarged(double[] cells) {
    float[] flow = new float[2 * width * height];
    for (int v = 0, i = 0; v < height; v++) {
      double y = Math.max(0, Math.min(rows - 1.0, (v - CELL_PX / 2) / (double) CELL_PX));
      int upper = (int) y * columns;
      int lower = Math.min(rows - 1, (int) y + 1) * columns;
      double b = y - (int) y;
      for (int u = 0; u < width; u++, i += 2) {
        double x = Math.max(0, Math.min(columns - 1.0, (u - CELL_PX / 2) / (double) CELL_PX));
        int left = (int) x;
        int right = Math.min(columns - 1, left + 1);
        double a = x - left;
        for (int k = 0; k < 2; k++) {
          double above =
              (1 - a) * cells[2 * (upper + left) + k] + a * cells[2 * (upper + right) + k];
          double below =
              (1 - a) * cells[2 * (lower + left) + k] + a * cells[2 * (lower + right) + k];
          flow[i + k] = (float) ((1 - b) * above + b * below);
        }
      }
    }
    return flow;
  }
}
