package dev.parallax.kernels.cuda;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.ElementType;
import dev.parallax.kernels.Intrinsics;
import dev.parallax.kernels.Shape;

/** The depth filter and scene flow on the GPU: {@code depth.cu}. Nothing here waits. */
final class CudaDepthKernels implements DepthKernels, AutoCloseable {
  private static final int NAN_BITS = 0x7fc00000;

  private final CudaStream stream;
  private final FlowCovariance flowCovariance;
  private final GridLaunches grids;
  private final CudaFunction carryScatter;
  private final CudaFunction carryGather;
  private final CudaFunction closeHoles;
  private final CudaFunction fuseTriangulated;
  private final CudaFunction fuseDepth;
  private final CudaFunction residualFlow;
  private final CudaFunction sceneVelocity;
  private final CudaFunction lookAtPatches;
  private final CudaFunction patchDoubt;
  private final CudaFunction publishDepth;
  private final CudaFunction leaveOutBeneath;
  private final CudaFunction rescaleDepth;
  private final Scratch keys = new Scratch();
  private final Scratch carried = new Scratch();
  private final Scratch seen = new Scratch();

  CudaDepthKernels(CudaDevice device, CudaStream stream) {
    this.stream = stream;
    flowCovariance = new FlowCovariance(device, stream);
    grids = new GridLaunches(stream);
    carryScatter = device.function("carry_scatter");
    carryGather = device.function("carry_gather");
    closeHoles = device.function("close_holes");
    fuseTriangulated = device.function("fuse_triangulated");
    fuseDepth = device.function("fuse_depth");
    residualFlow = device.function("residual_flow");
    sceneVelocity = device.function("scene_velocity");
    lookAtPatches = device.function("look_at_patches");
    patchDoubt = device.function("patch_doubt");
    publishDepth = device.function("publish_depth");
    leaveOutBeneath = device.function("leave_out_beneath");
    rescaleDepth = device.function("rescale_depth");
  }

  @Override
  public void flowNoise(
      DepthGrid grid, DeviceBuffer grey, double flowStdPx, DeviceBuffer covariance) {
    requireU8(grid.picture(), grey);
    requireF32(grid.shape().withChannels(3), covariance);
    flowCovariance.run(grid, grey, (float) flowStdPx, covariance);
  }

  @Override
  public void clear(Estimate estimate) {
    stream.fill(CudaBuffer.live(estimate.inverseDepth()), NAN_BITS);
    stream.fill(CudaBuffer.live(estimate.variance()), NAN_BITS);
    stream.fill(CudaBuffer.live(estimate.motion()), 0);
  }

  @Override
  public void carry(
      DepthGrid grid,
      Estimate previous,
      DeviceBuffer forwardFlow,
      double[] T_cur_prev,
      double relativeNoise,
      Estimate current) {
    requireEstimate(grid.shape(), previous);
    requireEstimate(grid.shape(), current);
    requireF32(grid.shape().withChannels(2), forwardFlow);
    stream.bind();
    int width = grid.width();
    int height = grid.height();
    Intrinsics k = grid.camera();
    float stride = grid.stride();
    CudaBuffer nearest = keys.longs(width * height);
    CudaBuffer moved = carried.words(height, width, 4);
    stream.fill(nearest, 0);
    GridSlopes slopes = grids.slopes(grid);
    grids
        .over(carryScatter, grid, T_cur_prev)
        .with((float) k.fx() / stride)
        .with((float) k.fy() / stride)
        .with((float) ((k.cx() - grid.centre()) / stride))
        .with((float) ((k.cy() - grid.centre()) / stride))
        .with(slopes.columns())
        .with(slopes.rows())
        .with(previous.inverseDepth())
        .with(previous.motion())
        .with(CudaBuffer.live(forwardFlow, ElementType.F32))
        .with(nearest)
        .overPixels(width, height);
    grids
        .over(carryGather, grid, T_cur_prev)
        .with(slopes.columns())
        .with(slopes.rows())
        .with(previous.inverseDepth())
        .with(previous.variance())
        .with(previous.motion())
        .with(nearest)
        .with((float) (relativeNoise * relativeNoise))
        .with(moved)
        .overPixels(width, height);
    stream
        .launch(closeHoles)
        .with(moved)
        .with(current.inverseDepth())
        .with(current.variance())
        .with(current.motion())
        .with(width)
        .with(height)
        .overPixels(width, height);
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
    requireMeasurement(grid, flow, inconsistency, covariance);
    requireEstimate(grid.shape(), estimate);
    requireF32(grid.shape(), across);
    grids
        .overRays(fuseTriangulated, grid, T_ref_cur)
        .with(CudaBuffer.live(flow, ElementType.F32))
        .with(inconsistency)
        .with(covariance)
        .with((float) rules.maxInconsistencyPx())
        .with((float) rules.gate())
        .with(estimate.inverseDepth())
        .with(estimate.variance())
        .with(estimate.motion())
        .with(across)
        .overPixels(grid.width(), grid.height());
  }

  @Override
  public void fuseDepth(DeviceBuffer depth, DeviceBuffer std, double gate, Estimate estimate) {
    int pixels = depth.shape().pixels();
    requireF32(depth.shape(), std);
    requireEstimate(depth.shape(), estimate);
    stream
        .launch(fuseDepth)
        .with(CudaBuffer.live(depth, ElementType.F32))
        .with(std)
        .with(gate)
        .with(estimate.inverseDepth())
        .with(estimate.variance())
        .with(pixels)
        .over(pixels);
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
    requireMeasurement(grid, flow, inconsistency, covariance);
    requireEstimate(grid.shape(), estimate);
    requireF32(grid.shape().withChannels(3), residual);
    grids
        .overRays(residualFlow, grid, T_prev_cur)
        .with(CudaBuffer.live(flow, ElementType.F32))
        .with(inconsistency)
        .with(covariance)
        .with((float) rules.maxInconsistencyPx())
        .with((float) rules.gate())
        .with(estimate.inverseDepth())
        .with(estimate.variance())
        .with(estimate.motion())
        .with(residual)
        .overPixels(grid.width(), grid.height());
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
    requireF32(grid.shape().withChannels(2), flow);
    requireF32(grid.shape().withChannels(3), residual);
    requireEstimate(grid.shape(), previous);
    requireEstimate(grid.shape(), current);
    requireF32(grid.shape().withChannels(3), velocity);
    requireU8(grid.shape(), labels);
    grids
        .overRays(sceneVelocity, grid, T_cur_prev)
        .with(CudaBuffer.live(flow, ElementType.F32))
        .with(residual)
        .with(previous.inverseDepth())
        .with(previous.variance())
        .with(current.inverseDepth())
        .with(current.variance())
        .with(current.motion())
        .with((float) intervalS)
        .with(velocity)
        .with(CudaBuffer.live(labels, ElementType.U8))
        .overPixels(grid.width(), grid.height());
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
    requireU8(grid.picture(), grey);
    requireU8(grid.picture(), referenceGrey);
    requireEstimate(grid.shape(), estimate);
    requireF32(grid.shape(), doubt);
    stream.bind();
    int width = grid.width();
    int height = grid.height();
    int across = DepthKernels.patchSamples(width);
    int down = DepthKernels.patchSamples(height);
    CudaBuffer patches = seen.words(down, across, 4);
    grids
        .overRays(lookAtPatches, grid, T_ref_cur)
        .with((float) grid.camera().cx())
        .with((float) grid.camera().cy())
        .with((float) grid.centre())
        .with(CudaBuffer.live(grey, ElementType.U8))
        .with(CudaBuffer.live(referenceGrey, ElementType.U8))
        .with(estimate.inverseDepth())
        .with(patches)
        .overPixels(across, down);
    stream
        .launch(patchDoubt)
        .with(patches)
        .with(reach)
        .with(CudaBuffer.live(doubt, ElementType.F32))
        .with(width)
        .with(height)
        .overPixels(across, down);
  }

  @Override
  public void publish(
      Estimate estimate,
      PublishRules rules,
      DeviceBuffer doubt,
      DeviceBuffer depth,
      DeviceBuffer std) {
    Shape shape = depth.shape();
    requireF32(shape, doubt);
    requireF32(shape, std);
    requireEstimate(shape, estimate);
    stream
        .launch(publishDepth)
        .with(estimate.inverseDepth())
        .with(estimate.variance())
        .with(doubt)
        .with((float) (rules.maxRelativeStd() * rules.maxRelativeStd()))
        .with((float) (rules.noiseFactor() * rules.noiseFactor()))
        .with(rules.reach())
        .with(CudaBuffer.live(depth, ElementType.F32))
        .with(std)
        .with(shape.width())
        .with(shape.height())
        .overPixels(shape.width(), shape.height());
  }

  @Override
  public void leaveOutBeneath(
      DepthGrid grid,
      float[] ground,
      Estimate estimate,
      DeviceBuffer depth,
      DeviceBuffer std,
      DeviceBuffer labels) {
    requireEstimate(grid.shape(), estimate);
    requireF32(grid.shape(), depth);
    requireF32(grid.shape(), std);
    requireU8(grid.shape(), labels);
    stream.bind();
    GridSlopes slopes = grids.slopes(grid);
    grids
        .over(leaveOutBeneath, grid)
        .with(slopes.columns())
        .with(slopes.rows())
        .with(ground[0])
        .with(ground[1])
        .with(ground[2])
        .with(estimate.inverseDepth())
        .with(estimate.variance())
        .with(depth)
        .with(std)
        .with(CudaBuffer.live(labels, ElementType.U8))
        .overPixels(grid.width(), grid.height());
  }

  @Override
  public void rescale(Estimate estimate, double factor) {
    int pixels = estimate.inverseDepth().shape().pixels();
    stream
        .launch(rescaleDepth)
        .with(estimate.inverseDepth())
        .with(estimate.variance())
        .with((float) (1 / factor))
        .with(pixels)
        .over(pixels);
  }

  private static void requireF32(Shape shape, DeviceBuffer buffer) {
    CudaBuffer.require(buffer, ElementType.F32, shape);
  }

  private static void requireU8(Shape shape, DeviceBuffer buffer) {
    CudaBuffer.require(buffer, ElementType.U8, shape);
  }

  private static void requireEstimate(Shape shape, Estimate estimate) {
    requireF32(shape, estimate.inverseDepth());
    requireF32(shape, estimate.variance());
    requireF32(shape, estimate.motion());
  }

  private static void requireMeasurement(
      DepthGrid grid, DeviceBuffer flow, DeviceBuffer inconsistency, DeviceBuffer covariance) {
    requireF32(grid.shape().withChannels(2), flow);
    requireF32(grid.shape(), inconsistency);
    requireF32(grid.shape().withChannels(3), covariance);
  }

  @Override
  public void close() {
    flowCovariance.close();
    grids.close();
    keys.close();
    carried.close();
    seen.close();
  }
}
