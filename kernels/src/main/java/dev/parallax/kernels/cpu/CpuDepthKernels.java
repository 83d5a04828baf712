package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels;
import dev.parallax.kernels.DeviceBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The depth filter in plain Java, single precision, one pixel at a time. */
final class CpuDepthKernels implements DepthKernels {
  private final RowWorkers workers;
  private @Nullable FlowNoise noise;

  CpuDepthKernels(RowWorkers workers) {
    this.workers = workers;
  }

  @Override
  public void flowNoise(
      DepthGrid grid, DeviceBuffer grey, double flowStdPx, DeviceBuffer covariance) {
    if (noise == null || !noise.fits(grid)) {
      noise = new FlowNoise(grid);
    }
    noise.run(HostBuffer.bytes(grey), (float) flowStdPx, HostBuffer.floats(covariance));
  }

  @Override
  public void clear(Estimate estimate) {
    Arrays.fill(HostBuffer.floats(estimate.inverseDepth()), Float.NaN);
    Arrays.fill(HostBuffer.floats(estimate.variance()), Float.NaN);
    Arrays.fill(HostBuffer.floats(estimate.motion()), 0);
  }

  @Override
  public void carry(
      DepthGrid grid,
      Estimate previous,
      DeviceBuffer forwardFlow,
      double[] T_cur_prev,
      double relativeNoise,
      Estimate current) {
    clear(current);
    new DepthCarry(grid, T_cur_prev, relativeNoise)
        .run(
            HostBuffer.floats(previous.inverseDepth()),
            HostBuffer.floats(previous.variance()),
            HostBuffer.floats(previous.motion()),
            HostBuffer.floats(forwardFlow),
            HostBuffer.floats(current.inverseDepth()),
            HostBuffer.floats(current.variance()),
            HostBuffer.floats(current.motion()));
  }

  @Override
  public void fuseTriangulated(
      DepthGrid grid,
      DeviceBuffer flow,
      DeviceBuffer inconsistency,
      DeviceBuffer covariance,
      double[] T_ref_cur,
      MeasurementRules rules,
      Estimate estimate) {
    Triangulation triangulation =
        new Triangulation(
            grid,
            HostBuffer.floats(flow),
            HostBuffer.floats(inconsistency),
            HostBuffer.floats(covariance),
            T_ref_cur,
            rules,
            HostBuffer.floats(estimate.inverseDepth()),
            HostBuffer.floats(estimate.variance()),
            HostBuffer.floats(estimate.motion()));
    workers.run(grid.height(), triangulation::run);
  }

  @Override
  public void fuseDepth(DeviceBuffer depth, DeviceBuffer std, double gate, Estimate estimate) {
    float[] d = HostBuffer.floats(depth);
    float[] s = HostBuffer.floats(std);
    float[] rho = HostBuffer.floats(estimate.inverseDepth());
    float[] variance = HostBuffer.floats(estimate.variance());
    for (int i = 0; i < d.length; i++) {
      if (!(d[i] > 0) || !(s[i] > 0) || d[i] == Float.POSITIVE_INFINITY) {
        continue;
      }
      float measured = 1 / d[i];
      float relative = s[i] / d[i];
      float measuredVariance = relative * relative * measured * measured;
      float difference = measured - rho[i];
      if (Float.isNaN(rho[i])
          || difference * difference > gate * (variance[i] + measuredVariance)) {
        rho[i] = measured;
        variance[i] = measuredVariance;
        continue;
      }
      float gain = variance[i] / (variance[i] + measuredVariance);
      rho[i] += gain * difference;
      variance[i] *= 1 - gain;
    }
  }

  @Override
  public void residualFlow(
      DepthGrid grid,
      DeviceBuffer flow,
      DeviceBuffer inconsistency,
      DeviceBuffer covariance,
      double[] T_prev_cur,
      MeasurementRules rules,
      Estimate estimate,
      DeviceBuffer residual) {
    ResidualFlow work =
        new ResidualFlow(
            grid,
            HostBuffer.floats(flow),
            HostBuffer.floats(inconsistency),
            HostBuffer.floats(covariance),
            T_prev_cur,
            rules,
            HostBuffer.floats(estimate.inverseDepth()),
            HostBuffer.floats(estimate.variance()),
            HostBuffer.floats(estimate.motion()),
            HostBuffer.floats(residual));
    workers.run(grid.height(), work::run);
  }

  @Override
  public void sceneFlow(
      DepthGrid grid,
      DeviceBuffer flow,
      DeviceBuffer residual,
      Estimate previous,
      Estimate current,
      double[] T_cur_prev,
      double intervalS,
      DeviceBuffer velocity,
      DeviceBuffer labels) {
    SceneVelocity scene =
        new SceneVelocity(
            grid,
            HostBuffer.floats(flow),
            HostBuffer.floats(residual),
            HostBuffer.floats(previous.inverseDepth()),
            HostBuffer.floats(current.inverseDepth()),
            HostBuffer.floats(current.motion()),
            T_cur_prev,
            (float) intervalS,
            HostBuffer.floats(velocity),
            HostBuffer.bytes(labels));
    workers.run(grid.height(), scene::run);
  }

  @Override
  public void publish(
      Estimate estimate, double maxRelativeStd, DeviceBuffer depth, DeviceBuffer std) {
    float[] rho = HostBuffer.floats(estimate.inverseDepth());
    float[] variance = HostBuffer.floats(estimate.variance());
    float[] d = HostBuffer.floats(depth);
    float[] s = HostBuffer.floats(std);
    float limit = (float) (maxRelativeStd * maxRelativeStd);
    for (int i = 0; i < d.length; i++) {
      // Relative std of depth equals that of inverse depth to first order.
      boolean sure = rho[i] > 0 && variance[i] <= limit * rho[i] * rho[i];
      d[i] = sure ? 1 / rho[i] : Float.NaN;
      s[i] = sure ? (float) Math.sqrt(variance[i]) / (rho[i] * rho[i]) : Float.NaN;
    }
  }

  @Override
  public void rescale(Estimate estimate, double factor) {
    float[] rho = HostBuffer.floats(estimate.inverseDepth());
    float[] variance = HostBuffer.floats(estimate.variance());
    float inverse = (float) (1 / factor);
    for (int i = 0; i < rho.length; i++) {
      rho[i] *= inverse;
      variance[i] *= inverse * inverse;
    }
  }
}
