package dev.parallax.kernels.cpu;

import static dev.parallax.kernels.MotionKernels.CELL;
import static dev.parallax.kernels.MotionKernels.CHANNELS;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.MotionKernels;
import dev.parallax.kernels.Shape;

/** Flow and grey level of each cell: what tells one surface from the next. */
final class CellFlow {
  /** Share of what a cell said before that still counts. */
  private static final float MEMORY = 0.9f;

  final DepthGrid grid;
  final int width;
  final int height;

  /** {@code [ch cw]} current to previous, picture pixels. */
  final float[] u;

  final float[] v;

  /** {@code [ch cw]} whether the flow closes. */
  final boolean[] closes;

  /** {@code [ch cw]} mean grey level. */
  final float[] grey;

  private final Place place = new Place();

  CellFlow(DepthGrid grid) {
    this.grid = grid;
    Shape cells = MotionKernels.cells(grid);
    width = cells.width();
    height = cells.height();
    u = new float[cells.pixels()];
    v = new float[cells.pixels()];
    closes = new boolean[cells.pixels()];
    grey = new float[cells.pixels()];
  }

  void read(float[] flow, byte[] picture) {
    int stride = grid.stride();
    int edge = CELL * stride;
    for (int r = 0; r < height; r++) {
      for (int c = 0; c < width; c++) {
        int i = r * width + c;
        int at = 2 * (r * CELL * grid.width() + c * CELL);
        u[i] = stride * flow[at];
        v[i] = stride * flow[at + 1];
        grey[i] = mean(picture, c * edge, r * edge, edge);
      }
    }
  }

  private float mean(byte[] picture, int u0, int v0, int edge) {
    int w = grid.picture().width();
    int endU = Math.min(u0 + edge, w);
    int endV = Math.min(v0 + edge, grid.picture().height());
    int sum = 0;
    for (int y = v0; y < endV; y++) {
      for (int x = u0; x < endU; x++) {
        sum += picture[y * w + x] & 0xff;
      }
    }
    return (float) sum / ((endU - u0) * (endV - v0));
  }

  /**
   * A field of the previous picture at the point that a cell shows now, bilinear.
   *
   * @param field {@code [ch cw]}
   * @return 0 if the point was outside
   */
  float before(float[] field, int r, int c) {
    return place.findBefore(r, c) ? place.of(field, 1, 0) : 0;
  }

  /** Adds the fading votes that were cast before for the points that the cells show now. */
  void follow(float[] before, float[] votes) {
    for (int r = 0; r < height; r++) {
      for (int c = 0; c < width; c++) {
        int i = r * width + c;
        boolean isFollowed = closes[i] && place.findBefore(r, c);
        for (int k = 0; k < CHANNELS && isFollowed; k++) {
          votes[CHANNELS * i + k] += MEMORY * place.of(before, CHANNELS, k);
        }
      }
    }
  }

  /** A place between four cells; holds the last one found. */
  private final class Place {
    private int first; // the upper left of the four
    private float fc; // how far right of it, cells
    private float fr;

    /** Finds where the previous picture showed what a cell shows now; false outside of it. */
    boolean findBefore(int r, int c) {
      int edge = CELL * grid.stride();
      int i = r * width + c;
      float column = c + u[i] / edge;
      float row = r + v[i] / edge;
      if (!(column >= 0 && row >= 0 && column <= width - 1 && row <= height - 1)) {
        return false;
      }
      int c0 = Math.max(0, Math.min((int) column, width - 2));
      int r0 = Math.max(0, Math.min((int) row, height - 2));
      first = r0 * width + c0;
      fc = column - c0;
      fr = row - r0;
      return true;
    }

    float of(float[] field, int channels, int channel) {
      int right = width > 1 ? channels : 0;
      int j = channels * first + channel;
      int k = height > 1 ? j + channels * width : j;
      return (1 - fr) * ((1 - fc) * field[j] + fc * field[j + right])
          + fr * ((1 - fc) * field[k] + fc * field[k + right]);
    }
  }
}
