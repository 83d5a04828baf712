package dev.parallax.nodes.runtime;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FlowKernels;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import dev.parallax.perception.frame.Picture;
import java.util.List;

/**
 * The yardstick of the benchmark: one dense flow between neighbouring pictures by OpenCV's DIS and
 * nothing else, on one thread. Not thread-safe.
 */
final class PlainFlow implements AutoCloseable {
  private final PerceptionKernels kernels;
  private final BufferScope scope;
  private final DeviceBuffer flow;
  private DeviceBuffer previous;
  private DeviceBuffer current;

  PlainFlow(PerceptionKernels kernels, int width, int height) {
    this.kernels = kernels;
    scope = kernels.openScope();
    Shape grey = Shape.of(height, width);
    previous = scope.u8(grey);
    current = scope.u8(grey);
    flow = scope.f32(grey.withChannels(2));
  }

  /** Gives the first picture. */
  void begin(byte[] grey) {
    kernels.upload(grey, previous);
  }

  /** Flow from this picture to the one before it. */
  void next(byte[] grey) {
    kernels.upload(grey, current);
    kernels
        .flow()
        .dense(
            List.of(new FlowKernels.Request(current, previous, flow, FlowKernels.Start.NOTHING)));
    DeviceBuffer swap = previous;
    previous = current;
    current = swap;
  }

  /** Rec. 601 luma, {@code [height width]}. */
  static byte[] grey(Picture picture) {
    if (picture.format() == Picture.Format.MONO8) {
      return picture.data();
    }
    byte[] bgr = picture.data();
    byte[] grey = new byte[bgr.length / 3];
    for (int i = 0; i < grey.length; i++) {
      int b = bgr[3 * i] & 255;
      int g = bgr[3 * i + 1] & 255;
      int r = bgr[3 * i + 2] & 255;
      grey[i] = (byte) ((114 * b + 587 * g + 299 * r + 500) / 1000);
    }
    return grey;
  }

  @Override
  public void close() {
    scope.close();
  }
}
