package dev.parallax.nodes.config;

import dev.parallax.nodes.codec.CalibrationFormatException;
import dev.parallax.nodes.codec.YamlTree;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.loop.LoopConfig;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.perception.pipeline.PipelineConfig.MappingConfig;
import dev.parallax.perception.pipeline.PipelineConfig.ScaleConfig;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a user says of one camera, whoever brings its pictures. A key that is not given is null and
 * gets its default from who uses it.
 *
 * @param scale {@code relative}, or any of {@code sensor-depth}, {@code speed}, {@code imu} and
 *     {@code camera-height} with commas between, or {@code auto}
 * @param cameraHeightM over the ground; gives the scale where {@code scale} is left out
 * @param speed topic with the carrier's speed, for {@code scale: speed}
 * @param imu topic of the camera's IMU
 * @param imuMount where it sits, T_cam_imu: tx ty tz qx qy qz qw
 * @param speedRelativeStd how far that speed's own scale may be off, over the speed
 */
public record CameraSettings(
    @Nullable String name,
    @Nullable String namespace,
    @Nullable String image,
    @Nullable String cameraInfo,
    @Nullable String depth,
    @Nullable Double depthUnitsPerM,
    @Nullable String calibration,
    @Nullable String scale,
    @Nullable Double cameraHeightM,
    @Nullable String speed,
    @Nullable Double speedRelativeStd,
    @Nullable String imu,
    @Nullable List<Double> imuMount,
    @Nullable Double voxelSizeM,
    @Nullable Double maxRangeM,
    @Nullable String mapFrame,
    @Nullable String odomFrame,
    @Nullable String baseFrame,
    @Nullable Boolean publishOdomTf,
    @Nullable Boolean publishMapTf,
    @Nullable String mapFolder) {
  /** The keys, as a file has them. */
  public static final List<String> KEYS =
      List.of(
          "name",
          "namespace",
          "image",
          "camera_info",
          "depth",
          "depth_units",
          "camera",
          "scale",
          "camera_height",
          "speed",
          "speed_std",
          "imu",
          "imu_mount",
          "voxel_size",
          "max_range",
          "map_frame",
          "odom_frame",
          "base_frame",
          "publish_odom_tf",
          "publish_map_tf",
          "map_dir");

  /** Nothing is said. */
  public static CameraSettings none() {
    return new CameraSettings(
        null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        null, null, null, null, null, null);
  }

  /**
   * @throws CalibrationFormatException if a key is unknown or its value of the wrong kind
   */
  public static CameraSettings read(YamlTree yaml) throws CalibrationFormatException {
    yaml.requireOnly(KEYS);
    return new CameraSettings(
        text(yaml, "name"),
        text(yaml, "namespace"),
        text(yaml, "image"),
        text(yaml, "camera_info"),
        text(yaml, "depth"),
        number(yaml, "depth_units"),
        text(yaml, "camera"),
        text(yaml, "scale"),
        number(yaml, "camera_height"),
        text(yaml, "speed"),
        number(yaml, "speed_std"),
        text(yaml, "imu"),
        yaml.has("imu_mount") ? Arrays.stream(yaml.numbers("imu_mount", 7)).boxed().toList() : null,
        number(yaml, "voxel_size"),
        number(yaml, "max_range"),
        text(yaml, "map_frame"),
        text(yaml, "odom_frame"),
        text(yaml, "base_frame"),
        truth(yaml, "publish_odom_tf"),
        truth(yaml, "publish_map_tf"),
        text(yaml, "map_dir"));
  }

  /** These where they say something, else the others. */
  public CameraSettings over(CameraSettings others) {
    return new CameraSettings(
        or(name, others.name),
        or(namespace, others.namespace),
        or(image, others.image),
        or(cameraInfo, others.cameraInfo),
        or(depth, others.depth),
        or(depthUnitsPerM, others.depthUnitsPerM),
        or(calibration, others.calibration),
        or(scale, cameraHeightM != null ? null : others.scale),
        or(cameraHeightM, usesHeight() ? others.cameraHeightM : null),
        or(speed, others.speed),
        or(speedRelativeStd, others.speedRelativeStd),
        or(imu, others.imu),
        or(imuMount, others.imuMount),
        or(voxelSizeM, others.voxelSizeM),
        or(maxRangeM, others.maxRangeM),
        or(mapFrame, others.mapFrame),
        or(odomFrame, others.odomFrame),
        or(baseFrame, others.baseFrame),
        or(publishOdomTf, others.publishOdomTf),
        or(publishMapTf, others.publishMapTf),
        or(mapFolder, others.mapFolder));
  }

  /**
   * @throws IllegalArgumentException if a value is out of range or two contradict each other
   */
  public PipelineConfig pipeline() {
    return new PipelineConfig(
        scaleConfig(),
        new MappingConfig(voxelSizeM == null ? 0 : voxelSizeM, maxRangeM == null ? 0 : maxRangeM),
        LoopConfig.defaults().live());
  }

  /** What is said of the unit of length. */
  public ScaleSettings scaleSettings() {
    return new ScaleSettings(scale, cameraHeightM, speedRelativeStd);
  }

  /** Whether a height said elsewhere is of use here. */
  private boolean usesHeight() {
    ScaleSettings said = scaleSettings();
    return scale == null || said.isAuto() || said.names(ScaleSource.CAMERA_HEIGHT);
  }

  /** With {@code auto} every source whose topic is named. */
  private ScaleConfig scaleConfig() {
    Set<ScaleSource> there = EnumSet.noneOf(ScaleSource.class);
    if (depth != null) {
      there.add(ScaleSource.SENSOR_DEPTH);
    }
    if (speed != null) {
      there.add(ScaleSource.SPEED);
    }
    if (imu != null) {
      there.add(ScaleSource.IMU);
    }
    return scaleSettings().config(there);
  }

  /** What is said, by key, to be logged. */
  public Map<String, Object> said() {
    Object[] values = {
      name,
      namespace,
      image,
      cameraInfo,
      depth,
      depthUnitsPerM,
      calibration,
      scale,
      cameraHeightM,
      speed,
      speedRelativeStd,
      imu,
      imuMount,
      voxelSizeM,
      maxRangeM,
      mapFrame,
      odomFrame,
      baseFrame,
      publishOdomTf,
      publishMapTf,
      mapFolder
    };
    Map<String, Object> said = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      if (values[i] != null) {
        said.put(KEYS.get(i), values[i]);
      }
    }
    return said;
  }

  private static <T> @Nullable T or(@Nullable T first, @Nullable T second) {
    return first != null ? first : second;
  }

  private static @Nullable String text(YamlTree yaml, String key)
      throws CalibrationFormatException {
    return yaml.has(key) ? yaml.text(key) : null;
  }

  private static @Nullable Double number(YamlTree yaml, String key)
      throws CalibrationFormatException {
    return yaml.has(key) ? (Double) yaml.number(key) : null;
  }

  private static @Nullable Boolean truth(YamlTree yaml, String key)
      throws CalibrationFormatException {
    return yaml.has(key) ? (Boolean) yaml.truth(key) : null;
  }
}
