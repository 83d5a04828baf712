package dev.parallax.kernels.cuda;

/**
 * What a session has asked of its GPU so far: the difference over a frame tells what the frame path
 * costs beside its kernels.
 *
 * @param waits how often the host waited for results
 * @param uploadWaits how often it waited to upload, because as much was still on its way
 * @param launches kernels launched one by one, and graphs of kernels
 * @param bytesUp copied from the host
 * @param bytesDown copied to the host
 */
public record CudaTraffic(
    long waits, long uploadWaits, long launches, long bytesUp, long bytesDown) {
  /** What was asked since an earlier state of the same session. */
  public CudaTraffic since(CudaTraffic earlier) {
    return new CudaTraffic(
        waits - earlier.waits,
        uploadWaits - earlier.uploadWaits,
        launches - earlier.launches,
        bytesUp - earlier.bytesUp,
        bytesDown - earlier.bytesDown);
  }
}
