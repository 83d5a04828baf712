package dev.parallax.kernels.cuda;

import static dev.parallax.kernels.cuda.CudaException.check;

import java.nio.ByteBuffer;
import jcuda.driver.CUevent;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * The order in which one session's work is done on the GPU: launches and copies follow one another,
 * the caller waits only where it reads a result. One thread at a time; it may be another than the
 * one before.
 */
final class CudaStream implements AutoCloseable {
  private final CudaDevice device;
  private final CUstream stream = new CUstream();
  private final CudaLaunch launch;
  private final Staging upload;
  private final UploadAhead ahead;
  private final Downloads downloads;
  private final CudaGraphs graphs;
  private @Nullable Thread bound;
  private long waits;
  private long bytesUp;

  CudaStream(CudaDevice device) {
    this.device = device;
    bind();
    check(
        JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING),
        "cuStreamCreate",
        device);
    launch = new CudaLaunch(stream);
    upload = new Staging(stream);
    ahead = new UploadAhead(stream);
    downloads = new Downloads(stream);
    graphs = new CudaGraphs(stream);
  }

  /** Makes the context the calling thread's; memory can be taken only then. */
  void bind() {
    Thread thread = Thread.currentThread();
    if (bound != thread) {
      device.makeCurrent();
      bound = thread;
    }
  }

  /** Begins a launch; see {@link CudaLaunch}. */
  CudaLaunch launch(CudaFunction kernel) {
    bind();
    return launch.of(kernel);
  }

  /** Copies from the host; the array may be changed at once. */
  void upload(byte[] source, CudaBuffer target) {
    bind();
    if (!ahead.take(source, target)) {
      upload.slot(source.length).bytes(source.length).put(source);
      send(target, source.length);
    }
  }

  /** Begins a copy from the host beside this stream's work, for a later upload of this array. */
  void uploadAhead(byte[] source) {
    bind();
    bytesUp += ahead.begin(source);
  }

  void upload(float[] source, CudaBuffer target) {
    upload(source, source.length, target);
  }

  /** The first {@code count} values only. */
  void upload(float[] source, int count, CudaBuffer target) {
    bind();
    upload.slot(4L * count).bytes(4L * count).asFloatBuffer().put(source, 0, count);
    send(target, 4L * count);
  }

  /** The first {@code count} values only. */
  void upload(int[] source, int count, CudaBuffer target) {
    bind();
    upload.slot(4L * count).bytes(4L * count).asIntBuffer().put(source, 0, count);
    send(target, 4L * count);
  }

  private void send(CudaBuffer target, long bytes) {
    upload.send(target.at(), bytes);
    bytesUp += bytes;
  }

  /** The first {@code count} rows, one behind the other. */
  void uploadRows(byte[][] rows, int count, int length, CudaBuffer target) {
    bind();
    long bytes = (long) count * length;
    ByteBuffer slot = upload.slot(bytes).bytes(bytes);
    for (int i = 0; i < count; i++) {
      slot.put(rows[i], 0, length);
    }
    send(target, bytes);
  }

  /** Copies to the host, once all work before it is done and all that is fetched is there. */
  void download(CudaBuffer source, byte[] target) {
    fetch(source, target, target.length);
    finishFetches();
  }

  void download(CudaBuffer source, float[] target) {
    fetch(source, target, target.length);
    finishFetches();
  }

  void download(CudaBuffer source, long[] target) {
    fetch(source, target, target.length);
    finishFetches();
  }

  /**
   * Queues a copy of the first values to the host, to be in the target after the next {@link
   * #finishFetches}; the source may be overwritten by work that is queued later.
   */
  void fetch(CudaBuffer source, byte[] target, int count) {
    bind();
    downloads.add(source.at(), target, count);
    upload.isFollowedByFetch();
  }

  void fetch(CudaBuffer source, float[] target, int count) {
    bind();
    downloads.add(source.at(), target, count);
    upload.isFollowedByFetch();
  }

  void fetch(CudaBuffer source, long[] target, int count) {
    bind();
    downloads.add(source.at(), target, count);
    upload.isFollowedByFetch();
  }

  void fetch(CudaBuffer source, int[] target, int count) {
    bind();
    downloads.add(source.at(), target, count);
    upload.isFollowedByFetch();
  }

  /**
   * Waits until all that was fetched is there, and no longer: the GPU goes on with what was queued
   * since. The place where errors of kernels come to light.
   */
  void finishFetches() {
    if (downloads.isEmpty()) {
      return;
    }
    bind();
    waits++;
    downloads.await(launch);
    upload.fetchIsThere();
  }

  void copy(CudaBuffer source, CudaBuffer target) {
    bind();
    check(
        JCudaDriver.cuMemcpyDtoDAsync(target.at(), source.at(), source.bytes(), stream),
        "cuMemcpyDtoDAsync",
        source.shape());
  }

  /** Fills a buffer with one 32-bit pattern. */
  void fill(CudaBuffer target, int pattern) {
    bind();
    check(
        JCudaDriver.cuMemsetD32Async(target.at(), pattern, target.bytes() / 4, stream),
        "cuMemsetD32Async",
        target.shape());
  }

  /** Waits for everything so far, as before its memory is freed. */
  void synchronize() {
    bind();
    waits++;
    check(JCudaDriver.cuStreamSynchronize(stream), "cuStreamSynchronize", launch);
  }

  /** Does work that comes again, see {@link CudaGraphs#run}; one by one while it is timed. */
  void repeated(Object memoryOf, Object key, Runnable work) {
    bind();
    if (launch.isTimed()) {
      work.run();
    } else {
      graphs.run(memoryOf, key, work);
    }
  }

  /** What was asked of the GPU so far. */
  CudaTraffic traffic() {
    return new CudaTraffic(
        waits,
        upload.waits() + ahead.waits(),
        launch.launches() + graphs.launches(),
        bytesUp,
        downloads.bytes());
  }

  /** Times every launch from here on; null to stop. */
  void timeWith(@Nullable LaunchTimes times) {
    launch.timeWith(times);
  }

  /** An event at this point of the stream's work, for timing. */
  CUevent mark(LaunchTimes times) {
    bind();
    return times.mark(stream);
  }

  @Override
  public void close() {
    device.makeCurrent();
    JCudaDriver.cuStreamSynchronize(stream);
    graphs.close();
    upload.close();
    ahead.close();
    downloads.close();
    JCudaDriver.cuStreamDestroy(stream);
  }
}
