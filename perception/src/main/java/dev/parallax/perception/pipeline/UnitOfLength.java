package dev.parallax.perception.pipeline;

import dev.parallax.perception.depth.DepthFilter;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.odometry.Odometry;
import dev.parallax.perception.pipeline.PipelineConfig.ScaleConfig;
import java.util.function.Consumer;

/**
 * Keeps the unit of length of a session's odometry and depth, and says where it comes from. Agent
 * thread only.
 */
sealed interface UnitOfLength permits FixedUnit, GroundUnit, InertialUnit, SpeedUnit {
  /** The keeper for the source that was asked for; says at once which that is. */
  static UnitOfLength of(
      ScaleConfig config,
      Odometry odometry,
      DepthFilter depth,
      InertialAid inertial,
      Consumer<Notice> notices) {
    return switch (config.source()) {
      case CAMERA_HEIGHT -> new GroundUnit(config.cameraHeightM(), odometry, depth, notices);
      case SPEED -> new SpeedUnit(config.speedRelativeStd(), odometry, depth, notices);
      case IMU -> new InertialUnit(odometry, depth, inertial, notices);
      default -> new FixedUnit(config.source(), notices);
    };
  }

  /** Where the unit of length comes from now. */
  ScaleSource source();

  /** Whether lengths are already in the unit that was asked for, so that a map may be kept. */
  boolean isSettled();

  /** How unsure the metric scale is, relative; NaN where the unit is not settled by looking. */
  double scaleStd();

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
