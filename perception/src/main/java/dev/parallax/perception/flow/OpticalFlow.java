package dev.parallax.perception.flow;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FlowKernels.Request;
import dev.parallax.kernels.FlowKernels.Start;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Dense flow between the current picture and the previous one. Backward flow keeps every output on
 * the current grid.
 */
public final class OpticalFlow {
  private final PerceptionKernels kernels;
  private final Shape grid;

  /**
   * @param grid flow is kept on, in its pixels
   */
  public OpticalFlow(PerceptionKernels kernels, DepthGrid grid) {
    this.kernels = kernels;
    this.grid = grid.shape();
  }

  /**
   * Flow of one frame; owned by the scope it was made in.
   *
   * @param backward {@code [h w 2]} current to previous, grid pixels
   * @param forward {@code [h w 2]} previous to current, grid pixels
   * @param inconsistency {@code [h w 1]} how badly backward closes, grid pixels
   */
  public record Frame(DeviceBuffer backward, DeviceBuffer forward, DeviceBuffer inconsistency) {}

  /** Flow to the previous picture and back. */
  public Frame estimate(BufferScope scope, DeviceBuffer grey, DeviceBuffer previousGrey) {
    return estimate(scope, grey, previousGrey, null);
  }

  /**
   * Flow to the previous picture and back.
   *
   * @param expected {@code [h w 2]} forward flow to start from; null where a search finds it from
   *     nothing
   */
  public Frame estimate(
      BufferScope scope,
      DeviceBuffer grey,
      DeviceBuffer previousGrey,
      float @Nullable [] expected) {
    DeviceBuffer backward = scope.f32(grid.withChannels(2));
    DeviceBuffer forward = scope.f32(grid.withChannels(2));
    Start start = expected == null ? Start.NOTHING : Start.NEIGHBOUR;
    if (expected != null) {
      kernels.upload(expected, forward);
      kernels.flow().invert(forward, backward);
    }
    kernels
        .flow()
        .dense(
            List.of(
                new Request(grey, previousGrey, backward, start),
                new Request(previousGrey, grey, forward, start)));
    DeviceBuffer inconsistency = scope.f32(grid);
    kernels.flow().inconsistency(backward, forward, inconsistency);
    return new Frame(backward, forward, inconsistency);
  }
}
