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
  private final PinnedBuffer download = new PinnedBuffer();
  private @Nullable Thread bound;

  CudaStream(CudaDevice device) {
    this.device = device;
    bind();
    check(
        JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING),
        "cuStreamCreate",
        device);
    launch = new CudaLaunch(stream);
    upload = new Staging(stream);
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
    upload.slot(source.length).bytes(source.length).put(source);
    upload.send(target.at(), source.length);
  }

  void upload(float[] source, CudaBuffer target) {
    upload(source, source.length, target);
  }

  /** The first {@code count} values only. */
  void upload(float[] source, int count, CudaBuffer target) {
    bind();
    upload.slot(4L * count).bytes(4L * count).asFloatBuffer().put(source, 0, count);
    upload.send(target.at(), 4L * count);
  }

  /** The first {@code count} rows, one behind the other. */
  void uploadRows(byte[][] rows, int count, int length, CudaBuffer target) {
    bind();
    long bytes = (long) count * length;
    ByteBuffer slot = upload.slot(bytes).bytes(bytes);
    for (int i = 0; i < count; i++) {
      slot.put(rows[i], 0, length);
    }
    upload.send(target.at(), bytes);
  }

  void downloadRows(CudaBuffer source, int count, int length, byte[][] rows) {
    bind();
    long bytes = (long) count * length;
    receive(source.at(), bytes);
    ByteBuffer received = download.bytes(bytes);
    for (int i = 0; i < count; i++) {
      received.get(rows[i], 0, length);
    }
  }

  /** Copies to the host, once all work before it is done. */
  void download(CudaBuffer source, byte[] target) {
    bind();
    receive(source.at(), target.length);
    download.bytes(target.length).get(target);
  }

  void download(CudaBuffer source, float[] target) {
    download(source, target, target.length);
  }

  /** The first {@code count} values only. */
  void download(CudaBuffer source, float[] target, int count) {
    bind();
    receive(source.at(), 4L * count);
    download.bytes(4L * count).asFloatBuffer().get(target, 0, count);
  }

  void download(CudaBuffer source, long[] target) {
    bind();
    receive(source.at(), 8L * target.length);
    download.bytes(8L * target.length).asLongBuffer().get(target);
  }

  void download(CudaBuffer source, int[] target, int count) {
    bind();
    receive(source.at(), 4L * count);
    download.bytes(4L * count).asIntBuffer().get(target, 0, count);
  }

  private void receive(CudaAddress source, long bytes) {
    download.reserve(bytes);
    check(
        JCudaDriver.cuMemcpyDtoHAsync(download.pointer(), source, bytes, stream),
        "cuMemcpyDtoHAsync",
        bytes + " bytes");
    synchronize();
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

  /** Waits for everything so far; the place where errors of kernels come to light. */
  void synchronize() {
    bind();
    check(JCudaDriver.cuStreamSynchronize(stream), "cuStreamSynchronize", launch);
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
    upload.close();
    download.close();
    JCudaDriver.cuStreamDestroy(stream);
  }
}
