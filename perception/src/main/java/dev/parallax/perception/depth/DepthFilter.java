package dev.parallax.perception.depth;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels;
import dev.parallax.kernels.DepthKernels.Estimate;
import dev.parallax.kernels.DepthKernels.MeasurementRules;
import dev.parallax.kernels.DepthKernels.PublishRules;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.MotionKernels;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.GroundPlane;
import dev.parallax.perception.geometry.Se3;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Inverse depth and its variance for every grid pixel, carried from frame to frame, measured along
 * flow, fused, never computed from nothing. Owns its buffers; agent thread only.
 */
public final class DepthFilter implements AutoCloseable {
  private static final double CARRY_RELATIVE_NOISE = 0.005;
  private static final double MAX_PUBLISHED_RELATIVE_STD = 0.5;

  /** Dense inverse search matches patches of 8 pixels, at half the picture's size. */
  private static final int PATCH_REACH_PX = 8;

  /** Half of a patch that is held against another picture. */
  private static final int COMPARED_REACH_PX = 4;

  private static final MeasurementRules RULES = new MeasurementRules(0.3, 1.5, 9);

  private final PerceptionKernels kernels;
  private final DepthGrid grid;
  private final BufferScope scope;
  private final DeviceBuffer flowCovariance;
  private final DeviceBuffer across;
  private final float[] acrossReference;
  private final FlowErrorScale flowError;
  private final DeviceBuffer doubt;
  private final DeviceBuffer noDoubt;
  private boolean isCompared;
  private boolean hasAcross;
  private double unitFactor = 1;
  private Estimate current;
  private Estimate previous;
  private MotionKernels.Belief motionNow;
  private MotionKernels.Belief motionBefore;
  private final float[] inverseDepth;
  private final float[] variance;
  private final GroundPlaneFitter ground;

  public DepthFilter(PerceptionKernels kernels, DepthGrid grid) {
    this.kernels = kernels;
    this.grid = grid;
    scope = kernels.openScope();
    flowCovariance = scope.f32(grid.shape().withChannels(3));
    across = scope.f32(grid.shape());
    acrossReference = new float[grid.shape().pixels()];
    doubt = scope.f32(grid.shape());
    noDoubt = scope.f32(grid.shape());
    kernels.upload(new float[grid.shape().pixels()], noDoubt);
    flowError = new FlowErrorScale(grid.shape().pixels());
    current = newEstimate();
    previous = newEstimate();
    motionNow = newBelief();
    motionBefore = newBelief();
    inverseDepth = new float[grid.shape().pixels()];
    variance = new float[grid.shape().pixels()];
    ground = new GroundPlaneFitter(grid);
    forget();
  }

  private Estimate newEstimate() {
    return new Estimate(scope.f32(grid.shape()), scope.f32(grid.shape()), scope.f32(grid.shape()));
  }

  private MotionKernels.Belief newBelief() {
    Shape cells = MotionKernels.cells(grid);
    return new MotionKernels.Belief(
        scope.f32(cells.withChannels(MotionKernels.CHANNELS)), scope.f32(cells));
  }

  public DepthGrid grid() {
    return grid;
  }

  /** What is believed now; valid until the next {@link #carry}. */
  public Estimate current() {
    return current;
  }

  /** What was believed of the picture before. */
  public Estimate previous() {
    return previous;
  }

  /** Forgets all depth, as after a cut. */
  public void forget() {
    kernels.depth().clear(current);
    kernels.depth().clear(previous);
    isCompared = false;
    kernels.motion().clear(motionNow);
    kernels.motion().clear(motionBefore);
  }

  /**
   * Reads from a new picture how well flow can be known in it; the measurements that follow use it.
   *
   * @param grey {@code [H W 1]} U8
   */
  public void readNoise(DeviceBuffer grey) {
    kernels.depth().flowNoise(grid, grey, RULES.flowStdPx(), flowCovariance);
  }

  /**
   * Moves the belief on into a new picture. What was fetched for the one before must be here.
   *
   * @param forwardFlow {@code [h w 2]} previous to current, grid pixels
   */
  public void carry(DeviceBuffer forwardFlow, Se3 T_cur_prev) {
    if (hasAcross) {
      flowError.learn(acrossReference);
      hasAcross = false;
    }
    Estimate swap = previous;
    previous = current;
    current = swap;
    isCompared = false;
    // A camera held at rest moves no pixel, so nothing is lost in moving it.
    double noise = T_cur_prev.equals(Se3.identity()) ? 0 : CARRY_RELATIVE_NOISE;
    kernels.depth().carry(grid, previous, forwardFlow, T_cur_prev.matrix3x4(), noise, current);
  }

  /**
   * Judges which points move by themselves, see {@link MotionKernels#judge}, and tells the flow
   * that the camera's motion does not explain, see {@link DepthKernels#residualFlow}.
   */
  public void testMotion(
      DeviceBuffer grey,
      DeviceBuffer previousGrey,
      DeviceBuffer backward,
      DeviceBuffer inconsistency,
      Se3 T_prev_cur,
      DeviceBuffer residual) {
    MotionKernels.Belief swap = motionBefore;
    motionBefore = motionNow;
    motionNow = swap;
    double[] motion = T_prev_cur.matrix3x4();
    kernels
        .motion()
        .judge(
            grid,
            grey,
            previousGrey,
            backward,
            inconsistency,
            flowCovariance,
            motion,
            RULES,
            current,
            motionBefore,
            motionNow);
    kernels
        .depth()
        .residualFlow(
            grid, backward, inconsistency, flowCovariance, motion, RULES, current, residual);
  }

  /** Measures by triangulation against the picture before and fuses. */
  public void measure(DeviceBuffer flow, DeviceBuffer inconsistency, Se3 T_prev_cur) {
    kernels
        .depth()
        .fuseTriangulated(
            grid,
            flow,
            inconsistency,
            flowCovariance,
            T_prev_cur.matrix3x4(),
            RULES,
            current,
            across);
  }

  /**
   * Measures against a picture farther back, whose parallax makes most of the depth, and fuses. How
   * large flow's errors are is learnt from it, for the next picture on.
   */
  public void measureReference(DeviceBuffer flow, DeviceBuffer inconsistency, Se3 T_ref_cur) {
    measure(flow, inconsistency, T_ref_cur);
    kernels.fetch(across, acrossReference);
    hasAcross = true;
  }

  /**
   * Holds what is believed now against the picture farther back; what is published until the next
   * {@link #carry} is the less sure the less the pictures agree with it.
   *
   * @param grey {@code [H W 1]} U8; likewise {@code referenceGrey}
   */
  public void compare(DeviceBuffer grey, DeviceBuffer referenceGrey, Se3 T_ref_cur) {
    int reach = Math.max(1, COMPARED_REACH_PX / (DepthKernels.PATCH_SPACING * grid.stride()));
    kernels
        .depth()
        .patchDoubt(grid, grey, referenceGrey, T_ref_cur.matrix3x4(), reach, current, doubt);
    isCompared = true;
  }

  /** Fuses depth from a sensor or a network, {@code [h w]} on the grid. */
  public void fuse(DeviceBuffer depth, DeviceBuffer std) {
    kernels.depth().fuseDepth(depth, std, RULES.gate(), current);
  }

  /**
   * The filter believes flow more than it should, and publishes its std times what that is too
   * small by. What is as sure as it says has to be told to it as much too sure as flow is.
   *
   * @param std {@code [h w]} of depth that is not by flow
   * @return the same as {@link #fuse} takes it, so that it is published as it was
   */
  public float[] asFlowPromises(float[] std) {
    float[] promised = std.clone();
    float divisor = (float) flowError.factor();
    for (int i = 0; i < promised.length; i++) {
      promised[i] /= divisor;
    }
    return promised;
  }

  /** Depth and std for publishing, {@code [h w]}; NaN where not sure enough. */
  public void publish(DeviceBuffer depth, DeviceBuffer std) {
    int reach = PATCH_REACH_PX / grid.stride();
    kernels
        .depth()
        .publish(
            current,
            new PublishRules(MAX_PUBLISHED_RELATIVE_STD, flowError.factor(), reach),
            isCompared ? doubt : noDoubt,
            depth,
            std);
  }

  /** Brings the belief to the host for {@link #at}. */
  public void download() {
    kernels.fetch(current.inverseDepth(), inverseDepth);
    kernels.fetch(current.variance(), variance);
    kernels.finishFetches();
  }

  /** All that is believed, as depth and its std; NaN where unknown. Fresh arrays. */
  public DepthMap belief() {
    download();
    float[] depth = new float[inverseDepth.length];
    float[] std = new float[inverseDepth.length];
    for (int i = 0; i < depth.length; i++) {
      boolean known = inverseDepth[i] > 0;
      depth[i] = known ? 1 / inverseDepth[i] : Float.NaN;
      std[i] = known ? (float) Math.sqrt(variance[i]) * depth[i] * depth[i] : Float.NaN;
    }
    return new DepthMap(grid.width(), grid.height(), depth, std);
  }

  /** Believes what {@link #belief} once told, and nothing else. */
  public void restore(DepthMap belief) {
    forget();
    try (BufferScope temporary = kernels.openScope()) {
      DeviceBuffer depth = temporary.f32(grid.shape());
      DeviceBuffer std = temporary.f32(grid.shape());
      kernels.upload(belief.depthM(), depth);
      kernels.upload(belief.stdM(), std);
      fuse(depth, std);
    }
  }

  /**
   * The belief at a picture pixel as of the last {@link #download}.
   *
   * @param out receives {@code [2]} inverse depth and variance
   * @return false where unknown
   */
  public boolean at(float u, float v, double[] out) {
    int i = grid.indexAt(u, v);
    if (i < 0 || !(inverseDepth[i] > 0)) {
      return false;
    }
    out[0] = inverseDepth[i];
    out[1] = variance[i];
    return true;
  }

  /**
   * The ground in the belief as of the last {@link #download}; empty if none can be made out.
   *
   * @param travel_cam {@code [3]} the way the camera came, axes of the camera now; zero if unknown
   */
  public Optional<GroundPlane> ground(double[] travel_cam) {
    return ground.fit(inverseDepth, variance, travel_cam);
  }

  /** The height over what looks most like ground in that belief, sure or not. */
  public OptionalDouble guessCameraHeight(double[] travel_cam) {
    return ground.guessHeight(inverseDepth, variance, travel_cam);
  }

  /** Changes the unit of length: multiplies all depths, those of the picture before too. */
  public void rescale(double factor) {
    unitFactor *= factor;
    kernels.depth().rescale(current, factor);
    kernels.depth().rescale(previous, factor);
  }

  /** All the factors that {@link #rescale} was given, multiplied. */
  public double unitFactor() {
    return unitFactor;
  }

  @Override
  public void close() {
    scope.close();
  }
}
