package dev.parallax.kernels.cuda;

import static dev.parallax.kernels.cuda.CudaException.check;

import jcuda.driver.CUevent;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * Pinned memory through which uploads go, in turn: the caller waits only if the upload that used a
 * slot before is still under way.
 */
final class Staging implements AutoCloseable {
  private static final int SLOTS = 4;

  private final CUstream stream;
  private final PinnedBuffer[] slots = new PinnedBuffer[SLOTS];
  private final CUevent[] sent = new CUevent[SLOTS];
  private final boolean[] isUnderWay = new boolean[SLOTS];

  /** Sent before the last fetch, so that it is there when that is. */
  private final boolean[] isFollowed = new boolean[SLOTS];

  private int current;
  private long waits;

  Staging(CUstream stream) {
    this.stream = stream;
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = new PinnedBuffer();
      sent[i] = OrderEvents.create("staging");
    }
  }

  /** The next slot with room for so many bytes, free to be written. */
  PinnedBuffer slot(long bytes) {
    current = (current + 1) % SLOTS;
    if (isUnderWay[current]) {
      waits++;
      check(JCudaDriver.cuEventSynchronize(sent[current]), "cuEventSynchronize", "staging");
      isUnderWay[current] = false;
    }
    slots[current].reserve(bytes);
    return slots[current];
  }

  /** Sends what was written to the slot. */
  void send(CudaAddress target, long bytes) {
    check(
        JCudaDriver.cuMemcpyHtoDAsync(target, slots[current].pointer(), bytes, stream),
        "cuMemcpyHtoDAsync",
        bytes + " bytes");
    check(JCudaDriver.cuEventRecord(sent[current], stream), "cuEventRecord", "staging");
    isUnderWay[current] = true;
    isFollowed[current] = false;
  }

  /** A fetch was queued behind everything sent so far. */
  void isFollowedByFetch() {
    System.arraycopy(isUnderWay, 0, isFollowed, 0, SLOTS);
  }

  /** The last fetch was waited for: what was sent before it needs no wait of its own. */
  void fetchIsThere() {
    for (int i = 0; i < SLOTS; i++) {
      isUnderWay[i] &= !isFollowed[i];
      isFollowed[i] = false;
    }
  }

  /** How often a slot had to be waited for. */
  long waits() {
    return waits;
  }

  @Override
  public void close() {
    for (int i = 0; i < SLOTS; i++) {
      slots[i].close();
      JCudaDriver.cuEventDestroy(sent[i]);
    }
  }
}
