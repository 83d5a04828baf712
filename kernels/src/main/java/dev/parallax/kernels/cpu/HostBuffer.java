package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.ElementType;
import dev.parallax.kernels.Shape;
import org.jspecify.annotations.Nullable;

/** A buffer in the Java heap: one array of the element type, exactly as long as the shape. */
final class HostBuffer implements DeviceBuffer {
  private final Shape shape;
  private final float @Nullable [] floats;
  private final byte @Nullable [] bytes;
  private boolean released;

  HostBuffer(Shape shape, float[] floats) {
    this.shape = shape;
    this.floats = floats;
    this.bytes = null;
  }

  HostBuffer(Shape shape, byte[] bytes) {
    this.shape = shape;
    this.floats = null;
    this.bytes = bytes;
  }

  static float[] floats(DeviceBuffer buffer) {
    HostBuffer host = live(buffer);
    if (host.floats == null) {
      throw new IllegalArgumentException("Expected an F32 buffer, got U8 " + host.shape);
    }
    return host.floats;
  }

  static byte[] bytes(DeviceBuffer buffer) {
    HostBuffer host = live(buffer);
    if (host.bytes == null) {
      throw new IllegalArgumentException("Expected a U8 buffer, got F32 " + host.shape);
    }
    return host.bytes;
  }

  private static HostBuffer live(DeviceBuffer buffer) {
    if (!(buffer instanceof HostBuffer host)) {
      throw new IllegalArgumentException("Not a buffer of the CPU kernels: " + buffer);
    }
    if (host.released) {
      throw new IllegalStateException("Buffer " + host.shape + " used after its scope closed");
    }
    return host;
  }

  void release() {
    released = true;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public ElementType type() {
    return floats != null ? ElementType.F32 : ElementType.U8;
  }
}
