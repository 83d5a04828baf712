package dev.parallax.kernels.cpu;

import static dev.parallax.kernels.MotionKernels.CHANNELS;

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
  private final float[] toUpper;

  SurfaceMean(CellFlow flow) {
    this.flow = flow;
    w = flow.width;
    h = flow.height;
    field = new float[CHANNELS * w * h];
    toLeft = new float[w * h];
    toUpper = new float[w * h];
  }

  /** The means, valid until the next call. */
  float[] of(float[] votes) {
    System.arraycopy(votes, 0, field, 0, field.length);
    for (int i = 0; i < w * h; i++) {
      toLeft[i] = i % w == 0 ? 0 : closeness(i, i - 1);
      toUpper[i] = i < w ? 0 : closeness(i, i - w);
    }
    for (int round = 0; round < ROUNDS; round++) {
      // Each pass along a row or down the columns is followed by its way back.
      for (int i = 1; i < w * h; i++) {
        mix(i, i - 1, toLeft[i]);
      }
      for (int i = w * h - 2; i >= 0; i--) {
        mix(i, i + 1, toLeft[i + 1]);
      }
      for (int i = w; i < w * h; i++) {
        mix(i, i - w, toUpper[i]);
      }
      for (int i = w * h - w - 1; i >= 0; i--) {
        mix(i, i + w, toUpper[i + w]);
      }
    }
    return field;
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
