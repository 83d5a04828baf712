package dev.parallax.kernels.cuda;

import static dev.parallax.kernels.cuda.CudaException.check;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/** Host memory that the GPU reads and writes itself; grows to the largest size asked for. */
final class PinnedBuffer implements AutoCloseable {
  private @Nullable Pointer pointer;
  private @Nullable ByteBuffer view;

  /** Makes room; what it held is lost if it grows. No copy may be under way. */
  void reserve(long bytes) {
    if (view != null && view.capacity() >= bytes) {
      return;
    }
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "A copy of %d MiB is more than 2 GiB: use smaller pictures".formatted(bytes >> 20));
    }
    close();
    Pointer fresh = new Pointer();
    check(JCudaDriver.cuMemHostAlloc(fresh, bytes, 0), "cuMemHostAlloc", bytes + " bytes");
    pointer = fresh;
    view = fresh.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
  }

  Pointer pointer() {
    if (pointer == null) {
      throw new IllegalStateException("No pinned memory was reserved");
    }
    return pointer;
  }

  /** The first bytes, from position 0. */
  ByteBuffer bytes(long count) {
    if (view == null) {
      throw new IllegalStateException("No pinned memory was reserved");
    }
    view.clear().limit((int) count);
    return view;
  }

  @Override
  public void close() {
    if (pointer != null) {
      JCudaDriver.cuMemFreeHost(pointer);
      pointer = null;
      view = null;
    }
  }
}
