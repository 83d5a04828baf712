package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels;
import dev.parallax.kernels.DeviceBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The depth filter in plain Java, single precision, one pixel at a time. */
final class CpuDepthKernels implements DepthKernels {
  /**
   * Of the range of the surfaces around: between a half, the most that a std within it can be, and
   * the 0.29 of a depth that may be anywhere in it.
   */
  private static final float RANGE_SHARE = 0.35f;

  /** What patches say of depth counts so much; chosen on simulated rooms. */
  private static final float PATCH_SHARE = 0.7f;

  private final RowWorkers workers;
  private @Nullable FlowNoise noise;
  private @Nullable SurfaceRange surfaces;
  private @Nullable PatchDoubt patches;

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
      Estimate estimate,
      DeviceBuffer across) {
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
            HostBuffer.floats(estimate.motion()),
            HostBuffer.floats(across));
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
            HostBuffer.floats(previous.variance()),
            HostBuffer.floats(current.inverseDepth()),
            HostBuffer.floats(current.variance()),
            HostBuffer.floats(current.motion()),
            T_cur_prev,
            (float) intervalS,
            HostBuffer.floats(velocity),
            HostBuffer.bytes(labels));
    workers.run(grid.height(), scene::run);
  }

  @Override
  public void patchDoubt(
      DepthGrid grid,
      DeviceBuffer grey,
      DeviceBuffer referenceGrey,
      double[] T_ref_cur,
      int reach,
      Estimate estimate,
      DeviceBuffer doubt) {
    if (patches == null || !patches.fits(grid)) {
      patches = new PatchDoubt(grid);
    }
    PatchDoubt all = patches;
    byte[] now = HostBuffer.bytes(grey);
    byte[] then = HostBuffer.bytes(referenceGrey);
    float[] out = HostBuffer.floats(doubt);
    workers.run(
        all.rows(), (begin, end) -> all.look(grid, now, then, T_ref_cur, estimate, begin, end));
    workers.run(all.rows(), (begin, end) -> all.compare(reach, out, begin, end));
  }

  @Override
  public void publish(
      Estimate estimate,
      PublishRules rules,
      DeviceBuffer doubt,
      DeviceBuffer depth,
      DeviceBuffer std) {
    int w = depth.shape().width();
    int h = depth.shape().height();
    if (surfaces == null || !surfaces.fits(w, h)) {
      surfaces = new SurfaceRange(w, h);
    }
    SurfaceRange range = surfaces;
    float[] rho = HostBuffer.floats(estimate.inverseDepth());
    float[] variance = HostBuffer.floats(estimate.variance());
    float[] d = HostBuffer.floats(depth);
    float[] s = HostBuffer.floats(std);
    float[] against = HostBuffer.floats(doubt);
    workers.run(h, (begin, end) -> range.alongRows(rho, variance, rules.reach(), begin, end));
    workers.run(
        h,
        (begin, end) -> {
          float[] least = new float[w];
          float[] most = new float[w];
          float[] ofRow = new float[w];
          for (int v = begin; v < end; v++) {
            range.ofRow(v, rules.reach(), least, most, ofRow);
            publishRow(v * w, ofRow, rules, rho, variance, against, d, s);
          }
        });
  }

  private static void publishRow(
      int first,
      float[] range,
      PublishRules rules,
      float[] rho,
      float[] variance,
      float[] doubt,
      float[] depth,
      float[] std) {
    float limit = (float) (rules.maxRelativeStd() * rules.maxRelativeStd());
    float factor = (float) (rules.noiseFactor() * rules.noiseFactor());
    for (int u = 0; u < range.length; u++) {
      int i = first + u;
      float r = rho[i];
      float byPatch = PATCH_SHARE * doubt[i] * r;
      float byRange = RANGE_SHARE * range[u];
      float v = factor * variance[i] + byRange * byRange + byPatch * byPatch;
      // Relative std of depth equals that of inverse depth to first order.
      boolean sure = r > 0 && v <= limit * r * r;
      depth[i] = sure ? 1 / r : Float.NaN;
      std[i] = sure ? (float) Math.sqrt(v) / (r * r) : Float.NaN;
    }
  }

  @Override
  public void leaveOutBeneath(
      DepthGrid grid,
      float[] ground,
      Estimate estimate,
      DeviceBuffer depth,
      DeviceBuffer std,
      DeviceBuffer labels) {
    GroundTest test =
        new GroundTest(
            grid,
            ground,
            HostBuffer.floats(estimate.inverseDepth()),
            HostBuffer.floats(estimate.variance()),
            HostBuffer.floats(depth),
            HostBuffer.floats(std),
            HostBuffer.bytes(labels));
    workers.run(grid.height(), test::run);
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
