package dev.parallax.perception.pipeline;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Intrinsics;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import dev.parallax.perception.depth.BaselineDoubt;
import dev.parallax.perception.depth.DepthFilter;
import dev.parallax.perception.flow.ExpectedFlow;
import dev.parallax.perception.flow.OpticalFlow;
import dev.parallax.perception.flow.ReferenceFlow;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.loop.LoopConfig;
import dev.parallax.perception.mapping.MapperConfig;
import dev.parallax.perception.mapping.OccupancyMapper;
import dev.parallax.perception.odometry.Odometry;
import dev.parallax.perception.pipeline.PipelineConfig.ScaleConfig;
import dev.parallax.perception.prior.BackgroundPrior;
import dev.parallax.perception.sceneflow.SceneFlowEstimator;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Everything that lives as long as one camera is followed. Owns its buffers; agent thread only. */
final class CameraSession implements AutoCloseable {
  /** Depth lies on every second pixel: dense flow resolves no finer. */
  private static final int DEPTH_STRIDE = 2;

  /** Of cameras of which nothing is known: views between 45 and 90 degrees. */
  private static final double ASSUMED_LOG_FOCAL_STD = 0.25;

  private static final double UNKNOWN_K1_STD = 0.1;

  /** Optical axes (right, down, forward) seen from odom's (forward, left, up). */
  static final Se3 T_FLU_OPTICAL =
      Se3.of(new double[] {0, 0, 1, -1, 0, 0, 0, -1, 0}, new double[3]);

  final CameraCalibration calibration;
  final PinholeCamera camera;
  final PinholeCamera depthCamera;
  final DepthGrid grid;
  final Preprocessor preprocessor;
  final OpticalFlow opticalFlow;
  final ExpectedFlow expectedFlow;
  final Odometry odometry;
  final DepthFilter depthFilter;
  final BaselineDoubt baselineDoubt = new BaselineDoubt();
  final SceneFlowEstimator sceneFlow;
  final MovingBodies movers;
  final boolean fusesSensorDepth;
  final SensorDepthSampler sensorDepth;
  final OccupancyMapper mapper;
  final ReferenceKeeper references;
  final @Nullable FirstLook firstLook; // null where no network guesses or a sensor measures
  final UnitOfLength unit;
  final MapFrame mapFrame;
  final InertialAid inertial;
  final @Nullable FocalWatch focal; // of a camera whose calibration is only assumed
  final @Nullable LensWatch lens; // of a camera whose calibration is given
  @Nullable LastStep lastStep; // none where the picture before was not followed
  @Nullable Picture rectified; // of the frame in work, once what was fetched is there
  @Nullable CameraCalibration estimated; // what this session is to be begun anew with

  private final PerceptionKernels kernels;
  private final Consumer<Notice> notices;
  private final BufferScope scope;
  private final DeviceBuffer previousGrey;
  private @Nullable Timestamp previousStamp;

  CameraSession(
      PerceptionKernels kernels,
      CameraCalibration calibration,
      ScaleConfig scale,
      MapperConfig mapping,
      Se3 T_odom_cam,
      LoopConfig loops,
      @Nullable BackgroundPrior network,
      Consumer<Notice> notices) {
    this.kernels = kernels;
    this.notices = notices;
    this.calibration = calibration;
    camera = calibration.model().rectified();
    depthCamera = camera.reducedBy(DEPTH_STRIDE);
    Shape shape = Shape.of(camera.height(), camera.width());
    grid =
        new DepthGrid(
            shape,
            new Intrinsics(camera.fx(), camera.fy(), camera.cx(), camera.cy()),
            DEPTH_STRIDE);
    preprocessor = new Preprocessor(kernels, calibration.model());
    opticalFlow = new OpticalFlow(kernels, grid);
    expectedFlow = new ExpectedFlow(grid);
    odometry = new Odometry(camera, kernels, T_odom_cam);
    doubtCalibration();
    depthFilter = new DepthFilter(kernels, grid);
    sceneFlow = new SceneFlowEstimator(kernels, grid);
    fusesSensorDepth = scale.has(ScaleSource.SENSOR_DEPTH);
    movers = new MovingBodies(kernels, grid, depthFilter, fusesSensorDepth);
    sensorDepth = new SensorDepthSampler(grid, preprocessor.map());
    mapper = new OccupancyMapper(kernels.voxels(), mapping);
    references = new ReferenceKeeper(kernels, grid);
    inertial = new InertialAid(notices);
    boolean isByNetwork = scale.has(ScaleSource.METRIC_PRIOR);
    firstLook =
        network == null || fusesSensorDepth
            ? null
            : new FirstLook(network, camera, depthCamera, isByNetwork, notices);
    PriorProposer proposer = network == null || !isByNetwork ? null : proposer(network);
    unit =
        UnitOfLength.of(
            scale, odometry, depthFilter, this::isDepthGuessed, inertial, proposer, notices);
    mapFrame = new MapFrame(loops, camera, depthCamera, kernels.features(), notices);
    boolean assumed = calibration.origin() == CameraCalibration.Origin.ASSUMED;
    focal = assumed ? new FocalWatch(camera, notices) : null;
    boolean given = calibration.origin() == CameraCalibration.Origin.GIVEN;
    lens = given ? new LensWatch(calibration.model(), notices) : null;
    scope = kernels.openScope();
    previousGrey = scope.u8(shape);
  }

  private PriorProposer proposer(BackgroundPrior network) {
    return new PriorProposer(
        network, firstLook, camera, () -> Objects.requireNonNull(rectified), odometry, depthFilter);
  }

  /** One that nobody measured may be far off, and tells nothing of how the lens bends. */
  private void doubtCalibration() {
    switch (calibration.origin()) {
      case ASSUMED -> odometry.doubtCalibration(ASSUMED_LOG_FOCAL_STD, UNKNOWN_K1_STD);
      case ESTIMATED -> odometry.doubtCalibration(FocalWatch.LENS_STD, UNKNOWN_K1_STD);
      case GIVEN -> {} // with care
    }
  }

  /** The picture before, {@code [H W 1]} U8. */
  DeviceBuffer previousGrey() {
    return previousGrey;
  }

  @Nullable Timestamp previousStamp() {
    return previousStamp;
  }

  /** The picture before as it was remembered, a fresh copy. */
  Picture previousPicture() {
    byte[] copy = new byte[previousGrey.shape().pixels()];
    kernels.download(previousGrey, copy);
    return new Picture(camera.width(), camera.height(), Picture.Format.MONO8, copy);
  }

  /** Remembers a picture as the previous one. */
  void remember(DeviceBuffer grey, Timestamp stamp) {
    kernels.images().grey(grey, previousGrey);
    previousStamp = stamp;
  }

  /** Whether depth is little more than what a network made of one picture. */
  boolean isDepthGuessed() {
    return firstLook != null && firstLook.isBelieved();
  }

  /** Forgets all depth and what it is triangulated against. */
  void forgetDepth() {
    depthFilter.forget();
    baselineDoubt.forget();
    movers.forget();
    references.forget();
    lastStep = null;
  }

  /** Time since the picture before, seconds; 0 for the first. */
  double intervalS(CameraFrame frame) {
    return previousStamp == null ? 0 : frame.stamp().secondsSince(previousStamp);
  }

  /** The camera turned away from all that it knew the depth of: depth is to be learnt anew. */
  void loseUnit(Timestamp stamp) {
    forgetDepth();
    unit.forget();
    mapFrame.breakSegment();
    notices.accept(
        Notice.warning(
            ("Turned on the spot until nothing of known depth was left in view at %s s: depth is"
                    + " learnt anew once the camera moves, and the unit of length may change")
                .formatted(stamp)));
  }

  @Override
  public void close() {
    preprocessor.close();
    odometry.close();
    depthFilter.close();
    mapper.close();
    references.close();
    mapFrame.close();
    if (focal != null) {
      focal.close();
    }
    if (lens != null) {
      lens.close();
    }
    scope.close();
  }

  /** Which pictures dense depth is triangulated against. Owns their flows. */
  static final class ReferenceKeeper implements AutoCloseable {
    /** A newer keyframe takes over once it has this much parallax, over the picture's width. */
    private static final double TAKE_OVER_PARALLAX = 0.02;

    private final PerceptionKernels kernels;
    private final DepthGrid grid;
    private @Nullable ReferenceFlow active;
    private @Nullable ReferenceFlow coming;

    ReferenceKeeper(PerceptionKernels kernels, DepthGrid grid) {
      this.kernels = kernels;
      this.grid = grid;
    }

    /** Begins to keep flow to a new keyframe. */
    void add(DeviceBuffer grey, Timestamp stamp) {
      if (coming != null) {
        if (active != null) {
          active.close();
        }
        active = coming;
      }
      coming = new ReferenceFlow(kernels, grid, grey, stamp);
    }

    /** Continues the flows to a new picture. */
    void chain(OpticalFlow.Frame flow) {
      if (active != null) {
        active.chain(flow);
      }
      if (coming != null) {
        coming.chain(flow);
      }
    }

    /** Lets the newer one take over once it has parallax enough, or none is there but it. */
    void choose(double parallaxShare) {
      if (coming != null && (active == null || parallaxShare > TAKE_OVER_PARALLAX)) {
        if (active != null) {
          active.close();
        }
        active = coming;
        coming = null;
      }
    }

    /** Which will be active in this picture, unless the newer one takes over. */
    @Nullable ReferenceFlow likely() {
      return active == null ? coming : active;
    }

    @Nullable ReferenceFlow active() {
      return active;
    }

    /** Lets go of every reference; new ones may be added. */
    void forget() {
      close();
    }

    @Override
    public void close() {
      if (active != null) {
        active.close();
        active = null;
      }
      if (coming != null) {
        coming.close();
        coming = null;
      }
    }
  }
}
