package dev.parallax.kernels.cuda;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DepthKernels;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.ElementType;
import dev.parallax.kernels.FeatureKernels;
import dev.parallax.kernels.FlowKernels;
import dev.parallax.kernels.ImageKernels;
import dev.parallax.kernels.MotionKernels;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.VoxelKernels;
import java.util.function.Supplier;

/**
 * {@link PerceptionKernels} on an NVIDIA GPU: one stream of work, one camera session, one thread at
 * a time. Calls return once their work is queued; only those with a result on the host wait for it.
 * Every call may throw {@link CudaException}; see {@link CudaException#isContextLost}.
 */
public final class CudaKernels implements PerceptionKernels {
  private final CudaDevice device;
  private final CudaStream stream;
  private final CudaBufferPool pool;
  private final CudaImageKernels images;
  private final CudaFlowKernels flow;
  private final CudaDepthKernels depth;
  private final CudaVoxelKernels voxels;
  private final HostKernels host;
  private final HostFeatures features;
  private final CudaMotionKernels motion;

  /**
   * @param device stays the caller's to close, after this
   * @param host makes the kernels for what is not done on the GPU, when first needed; closed with
   *     this
   */
  public CudaKernels(CudaDevice device, Supplier<PerceptionKernels> host) {
    this.device = device;
    stream = new CudaStream(device);
    pool = new CudaBufferPool(device);
    images = new CudaImageKernels(device, stream);
    flow = new CudaFlowKernels(device, stream);
    depth = new CudaDepthKernels(device, stream);
    motion = new CudaMotionKernels(device, stream);
    voxels = new CudaVoxelKernels(device, stream);
    this.host = new HostKernels(host);
    features = new HostFeatures(stream, this.host);
  }

  /** Where the work is queued; for benchmarks. */
  CudaStream stream() {
    return stream;
  }

  /** What this session has asked of the GPU so far. */
  public CudaTraffic traffic() {
    return stream.traffic();
  }

  @Override
  public String device() {
    return device.toString();
  }

  @Override
  public BufferScope openScope() {
    return pool.openScope();
  }

  @Override
  public void upload(float[] source, DeviceBuffer target) {
    requireLength(source.length, target);
    stream.upload(source, CudaBuffer.live(target, ElementType.F32));
  }

  @Override
  public void upload(byte[] source, DeviceBuffer target) {
    requireLength(source.length, target);
    stream.upload(source, CudaBuffer.live(target, ElementType.U8));
  }

  @Override
  public void uploadAhead(byte[] source) {
    stream.uploadAhead(source);
  }

  @Override
  public void download(DeviceBuffer source, float[] target) {
    requireLength(target.length, source);
    stream.download(CudaBuffer.live(source, ElementType.F32), target);
  }

  @Override
  public void download(DeviceBuffer source, byte[] target) {
    requireLength(target.length, source);
    stream.download(CudaBuffer.live(source, ElementType.U8), target);
  }

  @Override
  public void fetch(DeviceBuffer source, float[] target) {
    requireLength(target.length, source);
    stream.fetch(CudaBuffer.live(source, ElementType.F32), target, target.length);
  }

  @Override
  public void fetch(DeviceBuffer source, byte[] target) {
    requireLength(target.length, source);
    stream.fetch(CudaBuffer.live(source, ElementType.U8), target, target.length);
  }

  @Override
  public void finishFetches() {
    stream.finishFetches();
  }

  @Override
  public boolean worksAhead() {
    return true;
  }

  private static void requireLength(int hostLength, DeviceBuffer buffer) {
    if (hostLength != buffer.shape().elements()) {
      throw new IllegalArgumentException(
          "Host array of %d values for a buffer of %s".formatted(hostLength, buffer.shape()));
    }
  }

  @Override
  public ImageKernels images() {
    return images;
  }

  @Override
  public FlowKernels flow() {
    return flow;
  }

  @Override
  public DepthKernels depth() {
    return depth;
  }

  @Override
  public MotionKernels motion() {
    return motion;
  }

  @Override
  public FeatureKernels features() {
    return features;
  }

  @Override
  public VoxelKernels voxels() {
    return voxels;
  }

  @Override
  public void close() {
    device.makeCurrent();
    stream.synchronize();
    images.close();
    flow.close();
    depth.close();
    motion.close();
    voxels.close();
    host.close();
    pool.close();
    stream.close();
  }
}
