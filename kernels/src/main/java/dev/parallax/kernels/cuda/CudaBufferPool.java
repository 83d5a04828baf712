package dev.parallax.kernels.cuda;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.ElementType;
import dev.parallax.kernels.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jcuda.driver.JCudaDriver;

/**
 * Keeps GPU memory of closed scopes for the next scope, by size. All of it is used by one stream
 * only, so that memory may be handed on while earlier work on it is still under way.
 */
final class CudaBufferPool implements AutoCloseable {
  /** Sizes are rounded up to this, so that buffers of nearly the same size share memory. */
  private static final long GRAIN = 512;

  private final CudaDevice device;
  private final Map<Long, ArrayDeque<CudaAddress>> free = new HashMap<>();
  private final List<CudaAddress> all = new ArrayList<>();

  CudaBufferPool(CudaDevice device) {
    this.device = device;
  }

  BufferScope openScope() {
    return new Scope();
  }

  private synchronized CudaAddress take(long bytes, Shape shape) {
    ArrayDeque<CudaAddress> same = free.get(bytes);
    if (same != null && !same.isEmpty()) {
      return same.pop();
    }
    device.makeCurrent();
    CudaAddress fresh = CudaMemory.take(bytes, shape);
    all.add(fresh);
    return fresh;
  }

  private synchronized void giveBack(long bytes, CudaAddress address) {
    free.computeIfAbsent(bytes, k -> new ArrayDeque<>()).push(address);
  }

  private static long rounded(long bytes) {
    return (bytes + GRAIN - 1) / GRAIN * GRAIN;
  }

  /** Frees all memory; buffers still held must not be used any more. */
  @Override
  public synchronized void close() {
    device.makeCurrent();
    all.forEach(JCudaDriver::cuMemFree);
    all.clear();
    free.clear();
  }

  private final class Scope implements BufferScope {
    private final List<CudaBuffer> made = new ArrayList<>();
    private boolean closed;

    @Override
    public DeviceBuffer f32(Shape shape) {
      return add(shape, ElementType.F32);
    }

    @Override
    public DeviceBuffer u8(Shape shape) {
      return add(shape, ElementType.U8);
    }

    private DeviceBuffer add(Shape shape, ElementType type) {
      if (closed) {
        throw new IllegalStateException("Scope is closed");
      }
      long bytes = rounded(CudaBuffer.bytes(shape, type));
      CudaBuffer buffer = new CudaBuffer(shape, type, take(bytes, shape));
      made.add(buffer);
      return buffer;
    }

    @Override
    public void close() {
      if (closed) {
        return;
      }
      closed = true;
      // The last first, so that the next scope is handed the same memory in the same order.
      for (int i = made.size() - 1; i >= 0; i--) {
        CudaBuffer buffer = made.get(i);
        buffer.release();
        giveBack(rounded(buffer.bytes()), buffer.at());
      }
    }
  }
}
