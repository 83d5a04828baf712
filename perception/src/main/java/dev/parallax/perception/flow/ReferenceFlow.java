package dev.parallax.perception.flow;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FlowKernels.Request;
import dev.parallax.kernels.FlowKernels.Start;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import dev.parallax.perception.frame.Timestamp;
import java.util.List;

/**
 * Flow from the current picture to one farther back, kept up from frame to frame: the last answer,
 * continued by the newest backward flow, is where the next search starts. Owns its buffers.
 */
public final class ReferenceFlow implements AutoCloseable {
  private final PerceptionKernels kernels;
  private final BufferScope scope;
  private final Timestamp stamp;
  private final DeviceBuffer grey;
  private DeviceBuffer flow;
  private DeviceBuffer next;
  private final DeviceBuffer closing;
  private final DeviceBuffer inconsistency;
  private boolean atReference = true;

  /**
   * @param grid flow is kept on, in its pixels
   * @param reference {@code [H W 1]} U8 the picture to refer to, copied
   */
  public ReferenceFlow(
      PerceptionKernels kernels, DepthGrid grid, DeviceBuffer reference, Timestamp stamp) {
    this.kernels = kernels;
    this.stamp = stamp;
    scope = kernels.openScope();
    grey = scope.u8(reference.shape());
    kernels.images().grey(reference, grey);
    Shape shape = grid.shape();
    flow = scope.f32(shape.withChannels(2));
    next = scope.f32(shape.withChannels(2));
    closing = scope.f32(shape.withChannels(2));
    inconsistency = scope.f32(shape);
  }

  /** When the reference was taken. */
  public Timestamp stamp() {
    return stamp;
  }

  /** {@code [H W 1]} U8 the picture that is referred to. */
  public DeviceBuffer grey() {
    return grey;
  }

  /** Continues by one frame without looking at the pictures: cheap, and drifts. */
  public void chain(OpticalFlow.Frame frame) {
    if (atReference) {
      kernels.flow().copy(frame.backward(), flow);
      atReference = false;
      return;
    }
    kernels.flow().compose(frame.backward(), flow, next);
    DeviceBuffer swap = flow;
    flow = next;
    next = swap;
  }

  /**
   * Matches the picture against the reference, starting from the continued flow, both ways.
   *
   * @param current {@code [H W 1]} U8
   */
  public void match(DeviceBuffer current) {
    kernels.flow().invert(flow, closing);
    kernels
        .flow()
        .dense(
            List.of(
                new Request(current, grey, flow, Start.FAR),
                new Request(grey, current, closing, Start.FAR)));
    kernels.flow().inconsistency(flow, closing, inconsistency);
  }

  /** {@code [h w 2]} current to reference, grid pixels. */
  public DeviceBuffer flow() {
    return flow;
  }

  /** {@code [h w 1]} how badly {@link #flow} closes, grid pixels; valid after {@link #match}. */
  public DeviceBuffer inconsistency() {
    return inconsistency;
  }

  @Override
  public void close() {
    scope.close();
  }
}
