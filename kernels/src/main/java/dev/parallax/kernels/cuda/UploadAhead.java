package dev.parallax.kernels.cuda;

import static dev.parallax.kernels.cuda.CudaException.check;

import jcuda.driver.CUevent;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * One upload that goes its way beside a session's work: through pinned memory and over a stream of
 * its own into GPU memory of its own, from where the session's stream takes it. Two events keep
 * them in order, the host waits for neither.
 */
final class UploadAhead implements AutoCloseable {
  private final CUstream session;
  private final CUstream stream = new CUstream();
  private final CUevent arrived;
  private final CUevent taken;
  private final PinnedBuffer host = new PinnedBuffer();
  private final Scratch device = new Scratch();
  private byte @Nullable [] source;
  private long waits;

  /**
   * @param session the stream that takes what arrived
   */
  UploadAhead(CUstream session) {
    this.session = session;
    check(
        JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING),
        "cuStreamCreate",
        "uploads ahead");
    arrived = OrderEvents.create("uploads ahead");
    taken = OrderEvents.create("uploads ahead");
  }

  /**
   * Begins an upload; one that was not taken is given up.
   *
   * @return bytes on their way
   */
  long begin(byte[] next) {
    awaitHostMemory();
    host.reserve(next.length);
    host.bytes(next.length).put(next);
    CudaBuffer target = device.bytes(next.length);
    follow(stream, taken);
    check(
        JCudaDriver.cuMemcpyHtoDAsync(target.at(), host.pointer(), next.length, stream),
        "cuMemcpyHtoDAsync",
        next.length + " bytes ahead");
    check(JCudaDriver.cuEventRecord(arrived, stream), "cuEventRecord", "uploads ahead");
    source = next;
    return next.length;
  }

  /** The copy before has long been made, but for one that was given up at once. */
  private void awaitHostMemory() {
    int result = JCudaDriver.cuEventQuery(arrived);
    if (result == CUresult.CUDA_ERROR_NOT_READY) {
      waits++;
      result = JCudaDriver.cuEventSynchronize(arrived);
    }
    check(result, "cuEventQuery", "uploads ahead");
  }

  /**
   * Lets the session's stream take this array's values, if they are what went ahead.
   *
   * @return false if they have to be uploaded
   */
  boolean take(byte[] wanted, CudaBuffer target) {
    if (wanted != source) {
      return false;
    }
    source = null;
    follow(session, arrived);
    check(
        JCudaDriver.cuMemcpyDtoDAsync(
            target.at(), device.bytes(wanted.length).at(), wanted.length, session),
        "cuMemcpyDtoDAsync",
        target.shape());
    check(JCudaDriver.cuEventRecord(taken, session), "cuEventRecord", "uploads ahead");
    return true;
  }

  private static void follow(CUstream waiting, CUevent event) {
    check(JCudaDriver.cuStreamWaitEvent(waiting, event, 0), "cuStreamWaitEvent", "uploads ahead");
  }

  /** How often the host had to wait for a copy that was given up. */
  long waits() {
    return waits;
  }

  @Override
  public void close() {
    JCudaDriver.cuStreamSynchronize(stream);
    host.close();
    device.close();
    JCudaDriver.cuEventDestroy(arrived);
    JCudaDriver.cuEventDestroy(taken);
    JCudaDriver.cuStreamDestroy(stream);
  }
}
