package dev.parallax.kernels.cpu;

import static dev.parallax.kernels.MotionKernels.CHANNELS;

import java.util.Arrays;

/**
 * Averages votes over the surface that a cell belongs to: recursive filtering in the domain
 * transform (Gastal and Oliveira 2011), where a step in flow or in grey level is a long way.
 */
final class SurfaceMean {
  /** Standard deviation of the mean's window on an even surface, cells. */
  private static final double REACH = 5;

  /** A step in flow, and one in grey level, that is as far as one cell. */
  private static final float FLOW_STEP_PX = 1.5f;

  private static final float GREY_STEP = 10;

  private static final int ROUNDS = 2;

  private final CellFlow flow;
  private final int w;
  private final int h;
  private final float[] field;
  private final float[] toLeft;
  private final float[][] toUpper; // of each row, as often as there are channels
  private final float[] row;
  private final float[] neighbour;

  SurfaceMean(CellFlow flow) {
    this.flow = flow;
    w = flow.width;
    h = flow.height;
    field = new float[CHANNELS * w * h];
    toLeft = new float[w * h];
    toUpper = new float[h][CHANNELS * w];
    row = new float[CHANNELS * w];
    neighbour = new float[CHANNELS * w];
  }

  /** The means, valid until the next call. */
  float[] of(float[] votes) {
    System.arraycopy(votes, 0, field, 0, field.length);
    for (int r = 0; r < h; r++) {
      for (int c = 0; c < w; c++) {
        int i = r * w + c;
        toLeft[i] = c == 0 ? 0 : closeness(i, i - 1);
        float upper = r == 0 ? 0 : closeness(i, i - w);
        Arrays.fill(toUpper[r], CHANNELS * c, CHANNELS * (c + 1), upper);
      }
    }
    for (int round = 0; round < ROUNDS; round++) {
      // Each pass along a row or down the columns is followed by its way back.
      for (int i = 1; i < w * h; i++) {
        mix(i, i - 1, toLeft[i]);
      }
      for (int i = w * h - 2; i >= 0; i--) {
        mix(i, i + 1, toLeft[i + 1]);
      }
      alongColumns();
    }
    return field;
  }

  private void alongColumns() {
    load(0, row);
    for (int r = 1; r < h; r++) {
      mixRow(r, toUpper[r]);
    }
    for (int r = h - 2; r >= 0; r--) {
      mixRow(r, toUpper[r + 1]);
    }
  }

  /** Mixes a row with the one that was mixed last, which lies in {@link #row}. */
  private void mixRow(int r, float[] share) {
    System.arraycopy(row, 0, neighbour, 0, row.length);
    load(r, row);
    // So short, and of one index, for the reason told at RestingRow.
    for (int k = 0; k < row.length; k++) {
      row[k] = row[k] + share[k] * (neighbour[k] - row[k]);
    }
    System.arraycopy(row, 0, field, r * row.length, row.length);
  }

  private void load(int r, float[] to) {
    System.arraycopy(field, r * to.length, to, 0, to.length);
  }

  private float closeness(int i, int j) {
    float flowStep = Math.abs(flow.u[i] - flow.u[j]) + Math.abs(flow.v[i] - flow.v[j]);
    float greyStep = Math.abs(flow.grey[i] - flow.grey[j]);
    float way = 1 + flowStep / FLOW_STEP_PX + greyStep / GREY_STEP;
    if (Float.isNaN(way)) {
      return 0; // a cell without flow is no surface's
    }
    return (float) Math.exp(-Math.sqrt(2) / REACH * way);
  }

  private void mix(int i, int j, float share) {
    int p = CHANNELS * i;
    int q = CHANNELS * j;
    for (int c = 0; c < CHANNELS; c++) {
      field[p + c] += share * (field[q + c] - field[p + c]);
    }
  }
}
