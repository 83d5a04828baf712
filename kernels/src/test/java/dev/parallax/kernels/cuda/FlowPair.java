package dev.parallax.kernels.cuda;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FlowKernels.Request;
import dev.parallax.kernels.FlowKernels.Start;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;

/**
 * Two grey pictures and the true flow from the first to the second.
 *
 * @param first {@code [H W]}
 * @param second {@code [H W]}
 * @param truth {@code [H W 2]} pixels, beyond {@link #UNKNOWN} where it is not known
 */
record FlowPair(String name, Shape size, byte[] first, byte[] second, float[] truth) {
  private static final float UNKNOWN = 1e9f;

  /** Mean end-point error of dense flow from nothing, pixels. */
  double error(PerceptionKernels kernels) {
    try (BufferScope scope = kernels.openScope()) {
      DeviceBuffer flow = scope.f32(size.withChannels(2));
      kernels
          .flow()
          .dense(
              List.of(
                  new Request(
                      uploaded(kernels, scope, first),
                      uploaded(kernels, scope, second),
                      flow,
                      Start.NOTHING)));
      float[] uv = new float[flow.shape().elements()];
      kernels.download(flow, uv);
      return error(uv);
    }
  }

  private DeviceBuffer uploaded(PerceptionKernels kernels, BufferScope scope, byte[] picture) {
    DeviceBuffer grey = scope.u8(size);
    kernels.upload(picture, grey);
    return grey;
  }

  private double error(float[] flow) {
    double sum = 0;
    int n = 0;
    for (int i = 0; i < flow.length; i += 2) {
      if (Math.abs(truth[i]) < UNKNOWN && Math.abs(truth[i + 1]) < UNKNOWN) {
        sum += Math.hypot(flow[i] - truth[i], flow[i + 1] - truth[i + 1]);
        n++;
      }
    }
    return sum / n;
  }

  void write(DataOutputStream out) throws IOException {
    out.writeUTF(name);
    out.writeInt(size.height());
    out.writeInt(size.width());
    out.write(first);
    out.write(second);
    for (float value : truth) {
      out.writeFloat(value);
    }
  }

  static FlowPair read(DataInputStream in) throws IOException {
    String name = in.readUTF();
    int height = in.readInt();
    Shape size = Shape.of(height, in.readInt());
    byte[] first = in.readNBytes(size.pixels());
    byte[] second = in.readNBytes(size.pixels());
    float[] truth = new float[2 * size.pixels()];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = in.readFloat();
    }
    return new FlowPair(name, size, first, second, truth);
  }
}
