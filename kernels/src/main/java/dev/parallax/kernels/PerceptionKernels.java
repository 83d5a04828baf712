package dev.parallax.kernels;

/**
 * The numeric work on pixels and voxels, the same on every device. An instance serves one camera
 * session and one thread at a time; {@code CpuKernels} answers it in Java and OpenCV.
 */
public interface PerceptionKernels extends AutoCloseable {
  /** The device in words, e.g. {@code CPU (OpenCV 4.13.0, 2 threads)}. */
  String device();

  /** Opens a scope whose buffers go back to the pool when it closes. */
  BufferScope openScope();

  /** Copies host values into a buffer; lengths must agree. */
  void upload(float[] source, DeviceBuffer target);

  void upload(byte[] source, DeviceBuffer target);

  /**
   * Begins to bring an array to the device beside the work that goes on: an {@link #upload(byte[],
   * DeviceBuffer)} of this very array later finds it there. Until then the array must be left
   * alone. One array at a time: the next takes the place of one that was never uploaded. No answer
   * depends on it.
   */
  void uploadAhead(byte[] source);

  /** Copies a buffer's values to the host; lengths must agree. */
  void download(DeviceBuffer source, float[] target);

  void download(DeviceBuffer source, byte[] target);

  /**
   * Begins to copy a buffer's values to the host: they are in the target after the next {@link
   * #finishFetches}. Meanwhile the buffer may be written by later calls and its scope may close,
   * but the target must be left alone. Several copies so cost one wait.
   */
  void fetch(DeviceBuffer source, float[] target);

  void fetch(DeviceBuffer source, byte[] target);

  /** Waits until all that was fetched is there, not for work that was asked for since. */
  void finishFetches();

  /**
   * Whether calls answer before their work is done: then work that may turn out to be in vain costs
   * no time where the host would only wait.
   */
  boolean worksAhead();

  /** Work on pictures. */
  ImageKernels images();

  /** Motion between pictures. */
  FlowKernels flow();

  /** The temporal depth filter and scene flow. */
  DepthKernels depth();

  /** What moves and what stands still. */
  MotionKernels motion();

  /** Points found again without a guess of where. */
  FeatureKernels features();

  /** Voxel work for the occupancy map. */
  VoxelKernels voxels();

  @Override
  void close();
}
