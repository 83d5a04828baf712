package dev.parallax.kernels.cuda;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import java.util.Arrays;
import java.util.Random;

/** Random input of one parity case, put into buffers; outputs begin poisoned. */
final class ParityInput {
  private final PerceptionKernels kernels;
  private final BufferScope scope;
  private final Random random;

  ParityInput(PerceptionKernels kernels, BufferScope scope, Random random) {
    this.kernels = kernels;
    this.scope = scope;
    this.random = random;
  }

  Random random() {
    return random;
  }

  DeviceBuffer noise(Shape shape) {
    byte[] bytes = new byte[shape.elements()];
    random.nextBytes(bytes);
    return of(shape, bytes);
  }

  /** Grey levels that vary slowly, with some noise: a picture with gradients of every strength. */
  DeviceBuffer picture(Shape shape) {
    byte[] bytes = new byte[shape.elements()];
    double[] wave = random.doubles(12, 0.02, 0.5).toArray();
    double[] phase = random.doubles(6, 0, 7).toArray();
    for (int i = 0; i < bytes.length; i++) {
      int u = i / shape.channels() % shape.width();
      int v = i / shape.channels() / shape.width();
      double sum = 128 + 3 * random.nextGaussian();
      for (int k = 0; k < 6; k++) {
        sum += 20 * Math.sin(wave[2 * k] * u + wave[2 * k + 1] * v + phase[k]);
      }
      bytes[i] = (byte) Math.max(0, Math.min(255, Math.round(sum)));
    }
    return of(shape, bytes);
  }

  /** Two pictures of one texture, the second moved by (du, dv): what was at u is at u + d. */
  DeviceBuffer[] shiftedPair(Shape shape, double du, double dv) {
    double[] wave = random.doubles(40, 0.05, 0.7).toArray();
    double[] phase = random.doubles(20, 0, 7).toArray();
    byte[][] pictures = new byte[2][shape.pixels()];
    for (int picture = 0; picture < 2; picture++) {
      for (int i = 0; i < shape.pixels(); i++) {
        double u = i % shape.width() - picture * du;
        double v = i / shape.width() - picture * dv;
        double sum = 128;
        for (int k = 0; k < 20; k++) {
          double sign = k % 2 == 0 ? 1 : -1;
          sum += 12 * Math.sin(wave[2 * k] * u + sign * wave[2 * k + 1] * v + phase[k]);
        }
        pictures[picture][i] = (byte) Math.max(0, Math.min(255, Math.round(sum)));
      }
    }
    return new DeviceBuffer[] {of(shape, pictures[0]), of(shape, pictures[1])};
  }

  /** Values between low and high; one in {@code oneNanIn} is NaN, 0 for none. */
  float[] values(int n, double low, double high, int oneNanIn) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      boolean isNan = oneNanIn > 0 && random.nextInt(oneNanIn) == 0;
      values[i] = isNan ? Float.NaN : (float) (low + (high - low) * random.nextDouble());
    }
    return values;
  }

  DeviceBuffer of(Shape shape, float[] values) {
    DeviceBuffer buffer = scope.f32(shape);
    kernels.upload(values, buffer);
    return buffer;
  }

  DeviceBuffer of(Shape shape, byte[] values) {
    DeviceBuffer buffer = scope.u8(shape);
    kernels.upload(values, buffer);
    return buffer;
  }

  /** An output with a value in it that nothing computes. */
  DeviceBuffer poisonedF32(Shape shape) {
    float[] poison = new float[shape.elements()];
    Arrays.fill(poison, -9.87654e30f);
    return of(shape, poison);
  }

  DeviceBuffer poisonedU8(Shape shape) {
    byte[] poison = new byte[shape.elements()];
    Arrays.fill(poison, (byte) 0xA7);
    return of(shape, poison);
  }

  float[] floats(DeviceBuffer buffer) {
    float[] values = new float[buffer.shape().elements()];
    kernels.download(buffer, values);
    return values;
  }

  /** Bytes as numbers 0..255. */
  float[] bytes(DeviceBuffer buffer) {
    byte[] values = new byte[buffer.shape().elements()];
    kernels.download(buffer, values);
    float[] numbers = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      numbers[i] = values[i] & 0xff;
    }
    return numbers;
  }
}
