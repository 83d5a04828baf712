package dev.parallax.kernels.cuda;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels.Estimate;
import dev.parallax.kernels.DepthKernels.MeasurementRules;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.ElementType;
import dev.parallax.kernels.MotionKernels;
import dev.parallax.kernels.PerceptionKernels;

/**
 * The judgement of motion by the host's kernels, until the GPU has its own: every call takes its
 * inputs down and the verdict up again, about 7 MB at 640x480, and waits for the GPU.
 */
final class HostMotion implements MotionKernels {
  private final CudaStream stream;
  private final HostKernels host;

  HostMotion(CudaStream stream, HostKernels host) {
    this.stream = stream;
    this.host = host;
  }

  @Override
  public void clear(Belief belief) {
    zero(belief.votes());
    zero(belief.evidence());
  }

  private void zero(DeviceBuffer buffer) {
    stream.upload(new float[buffer.shape().elements()], CudaBuffer.live(buffer));
  }

  @Override
  public void judge(
      DepthGrid grid,
      DeviceBuffer grey,
      DeviceBuffer previousGrey,
      DeviceBuffer flow,
      DeviceBuffer inconsistency,
      DeviceBuffer covariance,
      double[] T_prev_cur,
      MeasurementRules rules,
      Estimate estimate,
      Belief before,
      Belief now) {
    PerceptionKernels kernels = host.get();
    try (BufferScope scope = kernels.openScope()) {
      Estimate depth =
          new Estimate(
              down(kernels, scope, estimate.inverseDepth()),
              down(kernels, scope, estimate.variance()),
              down(kernels, scope, estimate.motion()));
      Belief result = new Belief(scope.f32(now.votes().shape()), scope.f32(now.evidence().shape()));
      kernels
          .motion()
          .judge(
              grid,
              down(kernels, scope, grey),
              down(kernels, scope, previousGrey),
              down(kernels, scope, flow),
              down(kernels, scope, inconsistency),
              down(kernels, scope, covariance),
              T_prev_cur,
              rules,
              depth,
              new Belief(
                  down(kernels, scope, before.votes()), down(kernels, scope, before.evidence())),
              result);
      up(kernels, depth.motion(), estimate.motion());
      up(kernels, result.votes(), now.votes());
      up(kernels, result.evidence(), now.evidence());
    }
  }

  private DeviceBuffer down(PerceptionKernels kernels, BufferScope scope, DeviceBuffer buffer) {
    int n = buffer.shape().elements();
    if (buffer.type() == ElementType.U8) {
      byte[] values = new byte[n];
      stream.download(CudaBuffer.live(buffer), values);
      DeviceBuffer copy = scope.u8(buffer.shape());
      kernels.upload(values, copy);
      return copy;
    }
    float[] values = new float[n];
    stream.download(CudaBuffer.live(buffer), values);
    DeviceBuffer copy = scope.f32(buffer.shape());
    kernels.upload(values, copy);
    return copy;
  }

  private void up(PerceptionKernels kernels, DeviceBuffer from, DeviceBuffer to) {
    float[] values = new float[from.shape().elements()];
    kernels.download(from, values);
    stream.upload(values, CudaBuffer.live(to));
  }
}
