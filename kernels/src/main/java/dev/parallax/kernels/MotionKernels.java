package dev.parallax.kernels;

import dev.parallax.kernels.DepthKernels.Estimate;
import dev.parallax.kernels.DepthKernels.MeasurementRules;

/**
 * Tells what moves by itself from what stands still, whatever the depth. One point in one pair of
 * pictures says little: evidence is gathered along the points' way through the pictures and over
 * the surface that they belong to.
 */
public interface MotionKernels {
  /** Grid pixels along a cell's edge; evidence is kept a cell, dense flow resolves no finer. */
  int CELL = 2;

  /** Values of a cell's votes. */
  int CHANNELS = 6;

  /**
   * What is believed of the motion of each cell of {@code CELL x CELL} grid pixels.
   *
   * @param votes {@code [ch cw 6]} F32 what the flows so far said, fading: how many, the sum of
   *     their information M (uu, uv, vv; per squared picture pixel) and of M r, r the flow that a
   *     resting point does not explain
   * @param evidence {@code [ch cw]} F32 log odds that the cell moves
   */
  record Belief(DeviceBuffer votes, DeviceBuffer evidence) {}

  /** The shape of a belief over a grid: {@code [ceil(h / CELL) ceil(w / CELL)]}. */
  static Shape cells(DepthGrid grid) {
    return Shape.of((grid.height() + CELL - 1) / CELL, (grid.width() + CELL - 1) / CELL);
  }

  /** Forgets everything. */
  void clear(Belief belief);

  /**
   * Judges which points move. Call between {@link DepthKernels#carry} and {@link
   * DepthKernels#fuseTriangulated}: the depth must not have seen this flow.
   *
   * @param grey {@code [H W 1]} U8 the current picture
   * @param previousGrey {@code [H W 1]} U8
   * @param flow {@code [h w 2]} current to previous, grid pixels
   * @param inconsistency {@code [h w]} how badly the flow closes, grid pixels
   * @param covariance from {@link DepthKernels#flowNoise}
   * @param estimate the carried depth; its {@code motion} receives 1 where a point moves, else 0
   * @param before belief of the previous picture
   * @param now receives that of the current one
   */
  void judge(
      DepthGrid grid,
      DeviceBuffer grey,
      DeviceBuffer previousGrey,
      DeviceBuffer flow,
      DeviceBuffer inconsistency,
      DeviceBuffer covariance,
      double[] T_prev_cur,
      MeasurementRules rules,
      Estimate estimate,
      Belief before,
      Belief now);
}
