package dev.parallax.kernels.cuda;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.ElementType;
import dev.parallax.kernels.Shape;

/** An array in the GPU's memory. */
final class CudaBuffer implements DeviceBuffer {
  private final Shape shape;
  private final ElementType type;
  private final CudaAddress address;
  private boolean released;

  CudaBuffer(Shape shape, ElementType type, CudaAddress address) {
    this.shape = shape;
    this.type = type;
    this.address = address;
  }

  /**
   * @throws IllegalArgumentException if it is a buffer of other kernels
   * @throws IllegalStateException if its scope has closed
   */
  static CudaBuffer live(DeviceBuffer buffer) {
    if (!(buffer instanceof CudaBuffer cuda)) {
      throw new IllegalArgumentException("Not a buffer of the CUDA kernels: " + buffer);
    }
    if (cuda.released) {
      throw new IllegalStateException("Buffer " + cuda.shape + " used after its scope closed");
    }
    return cuda;
  }

  /** As {@link #live}, and of this type. */
  static CudaBuffer live(DeviceBuffer buffer, ElementType type) {
    if (buffer.type() != type) {
      throw new IllegalArgumentException(
          "Expected a %s buffer, got %s %s".formatted(type, buffer.type(), buffer.shape()));
    }
    return live(buffer);
  }

  /**
   * @throws IllegalArgumentException if it is not of this type and shape: a kernel would read or
   *     write outside it
   */
  static void require(DeviceBuffer buffer, ElementType type, Shape shape) {
    if (buffer.type() != type || !buffer.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "Expected a %s buffer %s, got %s %s"
              .formatted(type, shape, buffer.type(), buffer.shape()));
    }
  }

  void release() {
    released = true;
  }

  CudaAddress at() {
    return address;
  }

  long bytes() {
    return bytes(shape, type);
  }

  static long bytes(Shape shape, ElementType type) {
    long elements = (long) shape.height() * shape.width() * shape.channels();
    return type == ElementType.F32 ? 4 * elements : elements;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public ElementType type() {
    return type;
  }
}
