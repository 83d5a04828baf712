package dev.parallax.kernels.cuda;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels.Estimate;
import dev.parallax.kernels.DepthKernels.MeasurementRules;
import dev.parallax.kernels.DepthKernels.PublishRules;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FlowKernels.Request;
import dev.parallax.kernels.FlowKernels.Start;
import dev.parallax.kernels.Intrinsics;
import dev.parallax.kernels.MotionKernels;
import dev.parallax.kernels.MotionKernels.Belief;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.VoxelIntegrator;
import dev.parallax.kernels.VoxelRules;
import dev.parallax.kernels.VoxelView;
import java.util.List;
import java.util.Random;

/** All buffers of a frame, and the calls of a frame in turn, the map included. */
final class KernelFrame implements AutoCloseable {
  private static final MeasurementRules RULES = new MeasurementRules(0.25, 1.5, 9);
  private static final int POINTS = 1200;
  private static final float[] GROUND = {0, 0.5f, 0}; // 2 under the camera
  private static final double[] STEP = {1, 0, 0, 0.02, 0, 1, 0, 0.01, 0, 0, 1, 0.03};

  private final PerceptionKernels kernels;
  private final Shape size;
  private final DepthGrid grid;
  private final byte[] bgr;
  private final float[] depthOut;
  private final float[] stdOut;
  private final byte[] labelsOut;
  private final float[] velocityOut;
  private final float[] contrastOut = new float[2];
  private final float[] fromUv;
  private final float[] predictedUv = new float[2 * POINTS];
  private final float[] toUv = new float[2 * POINTS];
  private final float[] error = new float[POINTS];
  private final DeviceBuffer contrast;
  private final DeviceBuffer picture;
  private final DeviceBuffer map;
  private final DeviceBuffer straight;

  /** Only costs its time: flow sees a pair of pictures whose shift is known. */
  private final DeviceBuffer straightGrey;

  private final DeviceBuffer grey;
  private final DeviceBuffer before;
  private final DeviceBuffer backward;
  private final DeviceBuffer forward;
  private final DeviceBuffer reference;
  private final DeviceBuffer closing;
  private final DeviceBuffer inconsistency;
  private final DeviceBuffer covariance;
  private final DeviceBuffer residual;
  private final DeviceBuffer across;
  private final DeviceBuffer doubt;
  private final MotionJudge motion;
  private final DeviceBuffer velocity;
  private final DeviceBuffer labels;
  private final DeviceBuffer depth;
  private final DeviceBuffer std;
  private final Estimate previous;
  private final Estimate current;
  private final VoxelIntegrator occupancy;

  /**
   * @param random makes the pictures and the beliefs
   */
  KernelFrame(PerceptionKernels kernels, BufferScope scope, Shape size, Random random) {
    this.kernels = kernels;
    this.size = size;
    occupancy = kernels.voxels().integrator(new ParityMap());
    grid =
        new DepthGrid(
            size,
            new Intrinsics(size.width(), size.width(), size.width() / 2.0, size.height() / 2.0),
            2);
    ParityInput in = new ParityInput(kernels, scope, random);
    bgr = new byte[3 * size.pixels()];
    random.nextBytes(bgr);
    depthOut = new float[grid.shape().pixels()];
    stdOut = new float[depthOut.length];
    labelsOut = new byte[depthOut.length];
    velocityOut = new float[3 * depthOut.length];
    contrast = scope.f32(new Shape(1, 1, 2));
    fromUv = in.values(2 * POINTS, 10, Math.min(size.width(), size.height()) - 10, 0);
    picture = scope.u8(size.withChannels(3));
    map = in.of(size.withChannels(2), identity());
    straight = scope.u8(size.withChannels(3));
    straightGrey = scope.u8(size);
    DeviceBuffer[] pair = in.shiftedPair(size, 3.1, -1.2);
    grey = pair[0];
    before = pair[1];
    backward = scope.f32(grid.shape().withChannels(2));
    forward = scope.f32(grid.shape().withChannels(2));
    reference = in.of(backward.shape(), in.values(backward.shape().elements(), -3, 3, 0));
    closing = scope.f32(grid.shape().withChannels(2));
    inconsistency = scope.f32(grid.shape());
    covariance = scope.f32(grid.shape().withChannels(3));
    residual = scope.f32(grid.shape().withChannels(3));
    across = scope.f32(grid.shape());
    doubt = scope.f32(grid.shape());
    motion = new MotionJudge(kernels.motion(), grid, belief(scope), belief(scope));
    velocity = scope.f32(grid.shape().withChannels(3));
    labels = scope.u8(grid.shape());
    depth = scope.f32(grid.shape());
    std = scope.f32(grid.shape());
    previous = estimate(in, scope);
    current = estimate(in, scope);
  }

  private float[] identity() {
    float[] at = new float[2 * size.pixels()];
    for (int i = 0; i < size.pixels(); i++) {
      at[2 * i] = i % size.width() + 0.4f;
      at[2 * i + 1] = i / size.width() - 0.3f;
    }
    return at;
  }

  private Estimate estimate(ParityInput in, BufferScope scope) {
    int pixels = grid.shape().pixels();
    return new Estimate(
        in.of(grid.shape(), in.values(pixels, 0.1, 0.3, 0)),
        in.of(grid.shape(), in.values(pixels, 1e-5, 1e-3, 0)),
        in.of(grid.shape(), in.values(pixels, 0, 0.4, 0)));
  }

  private Belief belief(BufferScope scope) {
    Shape cells = MotionKernels.cells(grid);
    Belief belief =
        new Belief(scope.f32(cells.withChannels(MotionKernels.CHANNELS)), scope.f32(cells));
    kernels.motion().clear(belief);
    return belief;
  }

  void run() {
    kernels.upload(bgr, picture);
    kernels.images().remap(picture, map, straight);
    kernels.images().grey(straight, straightGrey);
    kernels.images().meanAndStd(straightGrey, contrast);
    kernels.fetch(contrast, contrastOut);
    kernels
        .flow()
        .dense(
            List.of(
                new Request(grey, before, backward, Start.NOTHING),
                new Request(before, grey, forward, Start.NOTHING)));
    kernels.flow().inconsistency(backward, forward, inconsistency);
    kernels.flow().follow(before, grey, forward, POINTS, fromUv, fromUv, predictedUv, toUv, error);
    kernels.flow().invert(reference, closing);
    kernels
        .flow()
        .dense(
            List.of(
                new Request(grey, before, reference, Start.FAR),
                new Request(before, grey, closing, Start.FAR)));
    kernels.depth().flowNoise(grid, grey, 0.25, covariance);
    kernels.uploadAhead(bgr);
    kernels.finishFetches(); // here the pose is found
    kernels.depth().carry(grid, previous, forward, STEP, 0.01, current);
    motion.judge(
        new DeviceBuffer[] {grey, before},
        backward,
        inconsistency,
        covariance,
        STEP,
        RULES,
        current);
    kernels
        .depth()
        .residualFlow(grid, backward, inconsistency, covariance, STEP, RULES, current, residual);
    kernels
        .depth()
        .fuseTriangulated(grid, backward, inconsistency, covariance, STEP, RULES, current, across);
    kernels
        .depth()
        .sceneFlow(grid, backward, residual, previous, current, STEP, 1 / 30.0, velocity, labels);
    kernels.depth().patchDoubt(grid, grey, before, STEP, 1, current, doubt);
    kernels.depth().publish(current, new PublishRules(0.5, 1.5, 4), doubt, depth, std);
    kernels.depth().leaveOutBeneath(grid, GROUND, current, depth, std, labels);
    kernels.fetch(depth, depthOut);
    kernels.fetch(std, stdOut);
    kernels.fetch(velocity, velocityOut);
    kernels.fetch(labels, labelsOut);
    map();
  }

  @Override
  public void close() {
    occupancy.close();
  }

  private void map() {
    VoxelView view =
        new VoxelView(
            grid.width(),
            grid.height(),
            grid.width(),
            grid.width(),
            grid.width() / 2.0,
            grid.height() / 2.0,
            STEP);
    occupancy.integrate(view, VoxelRules.standard(0.1, 6), depth, std, labels);
  }
}
