package dev.parallax.perception.flow;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FlowKernels.Request;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import java.util.List;

/**
 * Dense flow between the current picture and the previous one. Backward flow keeps every output on
 * the current pixel grid.
 */
public final class OpticalFlow {
  private final PerceptionKernels kernels;

  public OpticalFlow(PerceptionKernels kernels) {
    this.kernels = kernels;
  }

  /**
   * Flow of one frame; owned by the scope it was made in.
   *
   * @param backward {@code [H W 2]} current to previous, pixels
   * @param forward {@code [H W 2]} previous to current, pixels
   * @param inconsistency {@code [H W 1]} how badly backward closes, pixels
   */
  public record Frame(DeviceBuffer backward, DeviceBuffer forward, DeviceBuffer inconsistency) {}

  /** Flow to the previous picture and back. */
  public Frame estimate(BufferScope scope, DeviceBuffer grey, DeviceBuffer previousGrey) {
    Shape flowShape = grey.shape().withChannels(2);
    DeviceBuffer backward = scope.f32(flowShape);
    DeviceBuffer forward = scope.f32(flowShape);
    kernels
        .flow()
        .dense(
            List.of(
                new Request(grey, previousGrey, backward, false),
                new Request(previousGrey, grey, forward, false)));
    DeviceBuffer inconsistency = scope.f32(grey.shape());
    kernels.flow().inconsistency(backward, forward, inconsistency);
    return new Frame(backward, forward, inconsistency);
  }
}
