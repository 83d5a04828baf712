package dev.parallax.perception.sceneflow;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels.Estimate;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;

/** What is left of each point's motion when the camera's is taken away. */
public final class SceneFlowEstimator {
  private final PerceptionKernels kernels;
  private final DepthGrid grid;

  public SceneFlowEstimator(PerceptionKernels kernels, DepthGrid grid) {
    this.kernels = kernels;
    this.grid = grid;
  }

  /**
   * Velocity and label of every grid pixel; on the host once they were {@link #fetch}ed and the
   * kernels' fetches are finished.
   *
   * @param velocities {@code [h w 3]} F32 the same on the device
   * @param labels {@code [h w]} U8 the mask on the device
   */
  public record Result(
      SceneFlowField velocity, MovingMask mask, DeviceBuffer velocities, DeviceBuffer labels) {}

  /** Nothing known of any pixel: before there is depth. */
  public Result unknown(BufferScope scope) {
    Result result = empty(scope);
    Arrays.fill(result.velocity.velocityMps(), Float.NaN);
    Arrays.fill(result.mask.labels(), MovingMask.UNKNOWN);
    kernels.upload(result.velocity.velocityMps(), result.velocities);
    kernels.upload(result.mask.labels(), result.labels);
    return result;
  }

  private Result empty(BufferScope scope) {
    int pixels = grid.shape().pixels();
    return new Result(
        new SceneFlowField(grid.width(), grid.height(), new float[3 * pixels]),
        new MovingMask(grid.width(), grid.height(), new byte[pixels]),
        scope.f32(grid.shape().withChannels(3)),
        scope.u8(grid.shape()));
  }

  /** Asks for a result as it is now. */
  public void fetch(Result result) {
    kernels.fetch(result.velocities, result.velocity.velocityMps());
    kernels.fetch(result.labels, result.mask.labels());
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
    Result result = empty(scope);
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
            result.velocities,
            result.labels);
    return result;
  }
}
