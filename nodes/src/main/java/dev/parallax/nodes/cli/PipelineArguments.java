package dev.parallax.nodes.cli;

import dev.parallax.nodes.config.CameraSettings;
import dev.parallax.nodes.source.RecordingOptions;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.loop.LoopConfig;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.perception.pipeline.PipelineConfig.MappingConfig;
import dev.parallax.perception.pipeline.PipelineConfig.ScaleConfig;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a user may say about the pipeline; shared by the commands that run one. */
final class PipelineArguments {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // set by picocli before the command runs
  private CommandSpec command;

  @Option(
      names = "--scale",
      paramLabel = "sensor-depth|speed|imu|relative",
      description = "where the unit of length comes from (default: relative)")
  private @Nullable String scale;

  @Option(
      names = "--camera-height",
      paramLabel = "M",
      description = "height of the camera over the ground, metres; gives the scale")
  private @Nullable Double cameraHeightM;

  @Option(
      names = "--speed",
      paramLabel = "TOPIC|FILE",
      description =
          "the carrier's speed, for --scale speed: a bag's Odometry, TwistStamped or Twist topic, or"
              + " a text file of lines \"stamp m/s\" (default: the bag's only such topic, the"
              + " folder's speed.txt)")
  private @Nullable String speed;

  @Option(
      names = "--speed-std",
      paramLabel = "SHARE",
      description =
          "how far the speed sensor's own scale may be off, for --scale speed, one standard"
              + " deviation over the speed (default: 0.01)")
  private @Nullable Double speedRelativeStd;

  @Option(
      names = "--imu",
      paramLabel = "TOPIC|FILE|auto",
      description =
          "the camera's IMU, whose gyroscope then predicts turns; for --scale imu too: a bag's Imu topic, or a text file"
              + " of lines \"stamp wx wy wz ax ay az\"; auto finds the bag's only such topic or the"
              + " folder's imu.txt (default: no IMU)")
  private @Nullable String imu;

  @Option(
      names = "--imu-mount",
      paramLabel = "TX,TY,TZ,QX,QY,QZ,QW",
      split = ",",
      description =
          "where the IMU sits in the camera's optical frame, T_cam_imu, metres and quaternion"
              + " (default: as transforms or the file tell, else its rotation is estimated)")
  private double @Nullable [] imuMount;

  @Option(
      names = "--voxel-size",
      paramLabel = "M",
      description = "edge of the map's voxels (default: chosen from the scale)")
  private double voxelSizeM;

  @Option(
      names = "--max-range",
      paramLabel = "M",
      description = "how far from the camera depth enters the map (default: from the scale)")
  private double maxRangeM;

  @Option(names = "--no-loops", description = "do not recognise places; map and odom stay the same")
  private boolean withoutLoops;

  /**
   * @throws ParameterException if a value is out of range or two contradict each other
   */
  PipelineConfig config() {
    try {
      return new PipelineConfig(scale(), new MappingConfig(voxelSizeM, maxRangeM))
          .withLoops(withoutLoops ? LoopConfig.off() : LoopConfig.defaults());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** Where the speed is: empty to find it, null where the scale is from elsewhere. */
  @Nullable String speed() {
    return config().scale().source() != ScaleSource.SPEED ? null : speed == null ? "" : speed;
  }

  /**
   * The recording's IMU, also for {@code --scale imu}; null where none is asked for.
   *
   * @throws ParameterException if its mounting is none
   */
  RecordingOptions.@Nullable Imu imu() {
    if (imu == null && config().scale().source() != ScaleSource.IMU) {
      return null;
    }
    return new RecordingOptions.Imu(imu == null ? "auto" : imu, T_cam_imu());
  }

  private @Nullable Se3 T_cam_imu() {
    double[] v = imuMount;
    if (v == null) {
      return null;
    }
    try {
      if (v.length != 7) {
        throw new IllegalArgumentException("seven numbers, got " + v.length);
      }
      return Se3.ofQuaternion(v[3], v[4], v[5], v[6], v[0], v[1], v[2]);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command.commandLine(), "--imu-mount wants tx,ty,tz,qx,qy,qz,qw: " + e.getMessage(), e);
    }
  }

  /** What was given, as said of one live camera. */
  CameraSettings settings() {
    PipelineConfig unused = config(); // a value out of range is a usage error, said at once
    CameraSettings none = CameraSettings.none();
    return new CameraSettings(
        none.name(),
        none.namespace(),
        none.image(),
        none.cameraInfo(),
        none.depth(),
        none.depthUnitsPerM(),
        none.calibration(),
        scale,
        cameraHeightM,
        speed,
        speedRelativeStd,
        imu,
        imuMount == null ? null : Arrays.stream(imuMount).boxed().toList(),
        voxelSizeM == 0 ? null : (Double) voxelSizeM,
        maxRangeM == 0 ? null : (Double) maxRangeM,
        none.mapFrame(),
        none.odomFrame(),
        none.baseFrame(),
        none.publishOdomTf(),
        none.publishMapTf(),
        none.mapFolder());
  }

  /** For a camera that is not kept waiting. */
  static PipelineConfig live(PipelineConfig config) {
    return config.withLoops(config.loops().live());
  }

  private ScaleConfig scale() {
    if (cameraHeightM != null && scale != null) {
      throw new IllegalArgumentException(
          "--camera-height gives the scale by itself; leave out --scale " + scale);
    }
    if (cameraHeightM != null) {
      return ScaleConfig.cameraHeight(cameraHeightM);
    }
    if ((speedRelativeStd != null || speed != null) && !"speed".equals(scale)) {
      throw new IllegalArgumentException("--speed and --speed-std are of --scale speed; add that");
    }
    return switch (scale == null ? "relative" : scale) {
      case "speed" ->
          ScaleConfig.speed(
              speedRelativeStd == null ? ScaleConfig.USUAL_SPEED_RELATIVE_STD : speedRelativeStd);
      case "imu" -> ScaleConfig.imu();
      case "relative" -> ScaleConfig.relative();
      case "sensor-depth" -> ScaleConfig.sensorDepth();
      default ->
          throw new IllegalArgumentException(
              "--scale is sensor-depth, speed, imu or relative (or give --camera-height), got "
                  + scale);
    };
  }

  /** Adds the resolved values. */
  void describe(ResolvedConfig config) {
    PipelineConfig resolved = config();
    config.put("scale", resolved.scale().source().label());
    if (resolved.scale().source() == ScaleSource.CAMERA_HEIGHT) {
      config.put("camera_height_m", resolved.scale().cameraHeightM());
    }
    if (resolved.scale().source() == ScaleSource.SPEED) {
      config.put("speed", speed).put("speed_std", resolved.scale().speedRelativeStd());
    }
    if (imu != null) {
      config.put("imu", imu).put("imu_mount", imuMount == null ? null : Arrays.toString(imuMount));
    }
    config
        .put("loops", !withoutLoops)
        .put("voxel_size_m", voxelSizeM == 0 ? "chosen from the scale" : voxelSizeM)
        .put("max_range_m", maxRangeM == 0 ? "chosen from the scale" : maxRangeM);
  }
}
