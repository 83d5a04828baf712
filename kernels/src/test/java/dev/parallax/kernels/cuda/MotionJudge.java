package dev.parallax.kernels.cuda;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels.Estimate;
import dev.parallax.kernels.DepthKernels.MeasurementRules;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.MotionKernels;
import dev.parallax.kernels.MotionKernels.Belief;

/** Judges what moves in picture after picture, each with the belief of the one before. */
final class MotionJudge {
  private final MotionKernels kernels;
  private final DepthGrid grid;
  private Belief past;
  private Belief now;

  /**
   * @param now what is believed before the first picture
   * @param other room for another belief
   */
  MotionJudge(MotionKernels kernels, DepthGrid grid, Belief now, Belief other) {
    this.kernels = kernels;
    this.grid = grid;
    this.now = now;
    past = other;
  }

  /** The next picture, see {@link MotionKernels#judge}. */
  void judge(
      DeviceBuffer[] greyAndBefore,
      DeviceBuffer backward,
      DeviceBuffer inconsistency,
      DeviceBuffer covariance,
      double[] T_prev_cur,
      MeasurementRules rules,
      Estimate estimate) {
    Belief swap = past;
    past = now;
    now = swap;
    kernels.judge(
        grid,
        greyAndBefore[0],
        greyAndBefore[1],
        backward,
        inconsistency,
        covariance,
        T_prev_cur,
        rules,
        estimate,
        past,
        now);
  }

  /** What is believed after the last picture. */
  Belief now() {
    return now;
  }
}
