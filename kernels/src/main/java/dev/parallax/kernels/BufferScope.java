package dev.parallax.kernels;

/**
 * Hands out pooled buffers and takes all of them back when it closes. One thread at a time. A scope
 * may live for a frame or for a whole camera session.
 */
public interface BufferScope extends AutoCloseable {
  /** A float buffer; contents undefined. */
  DeviceBuffer f32(Shape shape);

  /** A byte buffer; contents undefined. */
  DeviceBuffer u8(Shape shape);

  /** Returns every buffer made here to the pool. */
  @Override
  void close();
}
