package dev.parallax.nodes.cli;

import dev.parallax.nodes.config.CameraSettings;
import dev.parallax.nodes.config.ScaleSettings;
import dev.parallax.nodes.source.RecordingOptions;
import dev.parallax.nodes.source.Recordings;
import dev.parallax.perception.frame.ScaleFigures;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.loop.LoopConfig;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.perception.pipeline.PipelineConfig.MappingConfig;
import dev.parallax.perception.pipeline.PipelineConfig.ScaleConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
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
      paramLabel = "SOURCES",
      description =
          "where the unit of length comes from: sensor-depth, speed, imu, camera-height, metric-prior"
              + " (the network of --depth-prior), several of them with commas between, auto for all that there are, or relative (default:"
              + " camera-height if one is given, else relative)")
  private @Nullable String scale;

  @Option(
      names = "--camera-height",
      paramLabel = "M",
      description =
          "height of the camera over the ground, metres; without --scale it gives the scale")
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

  private Set<ScaleSource> there = Set.of(); // what --scale auto stands for

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
    return !config().scale().has(ScaleSource.SPEED) ? null : speed == null ? "" : speed;
  }

  /**
   * The recording's IMU, also for {@code --scale imu}; null where none is asked for.
   *
   * @throws ParameterException if its mounting is none
   */
  RecordingOptions.@Nullable Imu imu() {
    if (imu == null && !config().scale().has(ScaleSource.IMU)) {
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

  private ScaleSettings scaleSettings() {
    return new ScaleSettings(scale, cameraHeightM, speedRelativeStd);
  }

  private ScaleConfig scale() {
    ScaleConfig config = scaleSettings().config(there);
    boolean hasSpeed = scaleSettings().isAuto() || config.has(ScaleSource.SPEED);
    if ((speedRelativeStd != null || speed != null) && !hasSpeed) {
      throw new IllegalArgumentException("--speed and --speed-std are of --scale speed; add that");
    }
    return config;
  }

  /** Looks which sources a recording has, if all of them are asked for. */
  void findSources(Path recording, RecordingOptions options) {
    if (scaleSettings().isAuto()) {
      RecordingOptions.Imu wanted = new RecordingOptions.Imu(imu == null ? "auto" : imu, null);
      there =
          Recordings.scaleSources(
              recording, options.withSpeed(speed == null ? "" : speed).withImu(wanted));
    }
  }

  /** Adds the resolved values. */
  void describe(ResolvedConfig config) {
    PipelineConfig resolved = config();
    config.put("scale", ScaleFigures.labels(resolved.scale().sources()));
    if (resolved.scale().has(ScaleSource.CAMERA_HEIGHT)) {
      config.put("camera_height_m", resolved.scale().cameraHeightM());
    }
    if (resolved.scale().has(ScaleSource.SPEED)) {
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
