package dev.parallax.kernels.cuda;

import static dev.parallax.kernels.cuda.CudaException.check;

import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUevent;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * Copies to the host that are under way, each into pinned memory of its own: they are queued behind
 * the stream's work and handed out after one wait for the last.
 */
final class Downloads implements AutoCloseable {
  private final CUstream stream;
  private final CUevent last = OrderEvents.create("downloads");
  private final List<Slot> slots = new ArrayList<>();
  private int underWay;
  private long bytes;

  /** One copy; the slot is used again after the wait. */
  private static final class Slot {
    final PinnedBuffer memory = new PinnedBuffer();
    Object target = this;
    int count;
  }

  Downloads(CUstream stream) {
    this.stream = stream;
  }

  void add(CudaAddress source, float[] target, int count) {
    add(source, target, count, 4L * count);
  }

  void add(CudaAddress source, int[] target, int count) {
    add(source, target, count, 4L * count);
  }

  void add(CudaAddress source, long[] target, int count) {
    add(source, target, count, 8L * count);
  }

  void add(CudaAddress source, byte[] target, int count) {
    add(source, target, count, count);
  }

  private void add(CudaAddress source, Object target, int count, long bytes) {
    if (underWay == slots.size()) {
      slots.add(new Slot());
    }
    Slot slot = slots.get(underWay);
    slot.memory.reserve(bytes);
    check(
        JCudaDriver.cuMemcpyDtoHAsync(slot.memory.pointer(), source, bytes, stream),
        "cuMemcpyDtoHAsync",
        bytes + " bytes");
    check(JCudaDriver.cuEventRecord(last, stream), "cuEventRecord", "downloads");
    slot.target = target;
    slot.count = count;
    underWay++;
    this.bytes += bytes;
  }

  /** Copied so far, those under way included. */
  long bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return underWay == 0;
  }

  /**
   * Waits for the last copy and hands out all; after an error all are given up.
   *
   * @param work what was launched last, for the error's words
   */
  void await(CudaLaunch work) {
    int result = JCudaDriver.cuEventSynchronize(last);
    for (int i = 0; i < underWay && result == CUresult.CUDA_SUCCESS; i++) {
      handOut(slots.get(i));
    }
    forget();
    check(result, "cuEventSynchronize", work);
  }

  private void forget() {
    for (int i = 0; i < underWay; i++) {
      slots.get(i).target = slots.get(i);
    }
    underWay = 0;
  }

  private static void handOut(Slot slot) {
    int n = slot.count;
    if (slot.target instanceof float[] floats) {
      slot.memory.bytes(4L * n).asFloatBuffer().get(floats, 0, n);
    } else if (slot.target instanceof int[] ints) {
      slot.memory.bytes(4L * n).asIntBuffer().get(ints, 0, n);
    } else if (slot.target instanceof long[] longs) {
      slot.memory.bytes(8L * n).asLongBuffer().get(longs, 0, n);
    } else if (slot.target instanceof byte[] bytes) {
      slot.memory.bytes(n).get(bytes, 0, n);
    }
  }

  @Override
  public void close() {
    slots.forEach(slot -> slot.memory.close());
    JCudaDriver.cuEventDestroy(last);
  }
}
