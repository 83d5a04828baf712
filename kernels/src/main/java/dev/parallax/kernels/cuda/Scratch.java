package dev.parallax.kernels.cuda;

import dev.parallax.kernels.ElementType;
import dev.parallax.kernels.Shape;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/** GPU memory for what lives within one call; grows to the largest size asked for. */
final class Scratch implements AutoCloseable {
  private CudaAddress address = new CudaAddress();
  private long capacity;
  private @Nullable CudaBuffer buffer;

  /** A buffer of 32-bit elements, floats or integers; contents undefined. */
  CudaBuffer words(int height, int width, int channels) {
    return of(new Shape(height, width, channels), ElementType.F32);
  }

  /** A buffer of so many 64-bit integers. */
  CudaBuffer longs(int count) {
    return words(1, count, 2);
  }

  CudaBuffer bytes(int count) {
    return of(Shape.of(1, count), ElementType.U8);
  }

  private CudaBuffer of(Shape shape, ElementType type) {
    if (buffer != null && buffer.shape().equals(shape) && buffer.type() == type) {
      return buffer;
    }
    long bytes = CudaBuffer.bytes(shape, type);
    if (bytes > capacity) {
      close();
      address = CudaMemory.take(bytes, shape);
      capacity = bytes;
    }
    buffer = new CudaBuffer(shape, type, address);
    return buffer;
  }

  /** Frees the memory; the driver first waits for work on it. */
  @Override
  public void close() {
    if (capacity > 0) {
      JCudaDriver.cuMemFree(address);
      address = new CudaAddress();
      capacity = 0;
      buffer = null;
    }
  }
}
