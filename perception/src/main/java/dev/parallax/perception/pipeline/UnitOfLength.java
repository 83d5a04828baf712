package dev.parallax.perception.pipeline;

import dev.parallax.perception.depth.DepthFilter;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.ScaleFigures;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.odometry.Odometry;
import dev.parallax.perception.pipeline.PipelineConfig.ScaleConfig;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the unit of length of a session's odometry and depth, and says where it comes from. Agent
 * thread only.
 */
sealed interface UnitOfLength permits FixedUnit, FusedUnit {
  /**
   * The keeper for the sources that were asked for; says at once which those are.
   *
   * @param isDepthGuessed whether depth is little more than a network's guess yet
   * @param prior null unless the metric prior is one of them
   */
  static UnitOfLength of(
      ScaleConfig config,
      Odometry odometry,
      DepthFilter depth,
      BooleanSupplier isDepthGuessed,
      InertialAid inertial,
      @Nullable PriorProposer prior,
      Consumer<Notice> notices) {
    if (!config.isMetric()) {
      return new FixedUnit(ScaleSource.RELATIVE, notices);
    }
    if (config.sources().equals(Set.of(ScaleSource.SENSOR_DEPTH))) {
      return new FixedUnit(ScaleSource.SENSOR_DEPTH, notices);
    }
    List<ScaleProposer> proposers = new ArrayList<>();
    for (ScaleSource source : EnumSet.copyOf(config.sources())) {
      proposers.add(
          switch (source) {
            case CAMERA_HEIGHT ->
                new GroundProposer(
                    config.cameraHeightM(),
                    config.heightRelativeStd(),
                    odometry,
                    depth,
                    isDepthGuessed);
            case SPEED -> new SpeedProposer(config.speedRelativeStd(), odometry);
            case IMU -> new InertialProposer(odometry, inertial);
            case SENSOR_DEPTH -> new SensorDepthProposer();
            case METRIC_PRIOR -> Objects.requireNonNull(prior, "network");
            case RELATIVE ->
                throw new IllegalArgumentException("No source of metres: " + source.label());
          });
    }
    return new FusedUnit(proposers, odometry, depth, notices);
  }

  /** Where the unit of length comes from now. */
  ScaleSource source();

  /** Whether lengths are already in the unit that was asked for, so that a map may be kept. */
  boolean isSettled();

  /** How unsure the metric scale is, relative; NaN where the unit is not settled by looking. */
  double scaleStd();

  /** How surely the unit of length is told, and by whom beside {@link #source}. */
  ScaleFigures figures();

  /** Goes on with lengths that are already metres; NaN leaves them to be found. */
  void resume(double scaleStd);

  /** The session begins anew with depth of an unknown unit. */
  void forget();

  /** A frame that does not follow on the one before: the first, or the first after a loss. */
  void begin(Odometry.Track track, CameraFrame frame);

  /**
   * Brings odometry and depth to metres. Call for every frame once its depth is measured and before
   * anything of it is published.
   *
   * @return the track in the unit that now holds
   */
  Odometry.Track settle(Odometry.Track track, CameraFrame frame);
}
