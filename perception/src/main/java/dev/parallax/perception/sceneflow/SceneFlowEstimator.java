package dev.parallax.perception.sceneflow;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels.Estimate;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.geometry.Se3;

/** What is left of each point's motion when the camera's is taken away. */
public final class SceneFlowEstimator {
  private final PerceptionKernels kernels;
  private final DepthGrid grid;

  public SceneFlowEstimator(PerceptionKernels kernels, DepthGrid grid) {
    this.kernels = kernels;
    this.grid = grid;
  }

  /**
   * Velocity and label of every grid pixel; on the host once the kernels' fetches are finished.
   *
   * @param labels {@code [h w]} U8 the mask on the device
   */
  public record Result(SceneFlowField velocity, MovingMask mask, DeviceBuffer labels) {}

  /** Nothing known of any pixel: before there is depth. */
  public Result unknown(BufferScope scope) {
    float[] velocityMps = new float[3 * grid.shape().pixels()];
    java.util.Arrays.fill(velocityMps, Float.NaN);
    byte[] mask = new byte[grid.shape().pixels()];
    java.util.Arrays.fill(mask, MovingMask.UNKNOWN);
    DeviceBuffer labels = scope.u8(grid.shape());
    kernels.upload(mask, labels);
    return new Result(
        new SceneFlowField(grid.width(), grid.height(), velocityMps),
        new MovingMask(grid.width(), grid.height(), mask),
        labels);
  }

  /**
   * @param backward {@code [h w 2]} current to previous, grid pixels
   * @param residual {@code [h w 3]} from the motion test
   * @param intervalS time since the previous picture, seconds
   */
  public Result estimate(
      BufferScope scope,
      DeviceBuffer backward,
      DeviceBuffer residual,
      Estimate previous,
      Estimate current,
      Se3 T_cur_prev,
      double intervalS) {
    DeviceBuffer velocity = scope.f32(grid.shape().withChannels(3));
    DeviceBuffer labels = scope.u8(grid.shape());
    kernels
        .depth()
        .sceneFlow(
            grid,
            backward,
            residual,
            previous,
            current,
            T_cur_prev.matrix3x4(),
            intervalS,
            velocity,
            labels);
    float[] velocityMps = new float[velocity.shape().elements()];
    byte[] mask = new byte[labels.shape().elements()];
    kernels.fetch(velocity, velocityMps);
    kernels.fetch(labels, mask);
    return new Result(
        new SceneFlowField(grid.width(), grid.height(), velocityMps),
        new MovingMask(grid.width(), grid.height(), mask),
        labels);
  }
}
