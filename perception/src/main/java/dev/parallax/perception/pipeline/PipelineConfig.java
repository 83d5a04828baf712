package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.loop.LoopConfig;

/**
 * What a camera session may be told; everything else has one good default in the code that uses it.
 *
 * @param scale which source the unit of length comes from
 * @param mapping the occupancy map's extent
 * @param loops whether loops are closed, in map to odom only
 */
public record PipelineConfig(ScaleConfig scale, MappingConfig mapping, LoopConfig loops) {
  /** Closes loops. */
  public PipelineConfig(ScaleConfig scale, MappingConfig mapping) {
    this(scale, mapping, LoopConfig.defaults());
  }

  public static PipelineConfig defaults() {
    return new PipelineConfig(ScaleConfig.relative(), MappingConfig.auto());
  }

  public PipelineConfig withScale(ScaleConfig newScale) {
    return new PipelineConfig(newScale, mapping, loops);
  }

  public PipelineConfig withMapping(MappingConfig newMapping) {
    return new PipelineConfig(scale, newMapping, loops);
  }

  public PipelineConfig withLoops(LoopConfig newLoops) {
    return new PipelineConfig(scale, mapping, newLoops);
  }

  /**
   * The scale source that was asked for.
   *
   * @param cameraHeightM height of the camera over the ground, metres; NaN unless the source is
   *     {@link ScaleSource#CAMERA_HEIGHT}
   * @param speedRelativeStd how far the speed sensor's own scale may be off (tyres, gears), one
   *     standard deviation over the speed; NaN unless the source is {@link ScaleSource#SPEED}
   */
  public record ScaleConfig(ScaleSource source, double cameraHeightM, double speedRelativeStd) {
    /** What wheels that were measured with a tape are off by. */
    public static final double USUAL_SPEED_RELATIVE_STD = 0.01;

    public ScaleConfig {
      boolean needsSpeed = source == ScaleSource.SPEED;
      if (needsSpeed && !(speedRelativeStd > 0 && speedRelativeStd < 1)) {
        throw new IllegalArgumentException(
            "The std of the speed's own scale must be between 0 and 1, got " + speedRelativeStd);
      }
      boolean needsHeight = source == ScaleSource.CAMERA_HEIGHT;
      if (needsHeight && !(cameraHeightM > 0 && cameraHeightM < 1000)) {
        throw new IllegalArgumentException(
            "Camera height must be between 0 and 1000 metres, got " + cameraHeightM);
      }
    }

    public static ScaleConfig relative() {
      return new ScaleConfig(ScaleSource.RELATIVE, Double.NaN, Double.NaN);
    }

    public static ScaleConfig sensorDepth() {
      return new ScaleConfig(ScaleSource.SENSOR_DEPTH, Double.NaN, Double.NaN);
    }

    public static ScaleConfig cameraHeight(double heightM) {
      return new ScaleConfig(ScaleSource.CAMERA_HEIGHT, heightM, Double.NaN);
    }

    /** Metres from the readings of an accelerometer that frames carry along. */
    public static ScaleConfig imu() {
      return new ScaleConfig(ScaleSource.IMU, Double.NaN, Double.NaN);
    }

    /** Metres from the way that frames carry along. */
    public static ScaleConfig speed(double relativeStd) {
      return new ScaleConfig(ScaleSource.SPEED, Double.NaN, relativeStd);
    }
  }

  /**
   * The map's resolution and reach. Zero means: chosen from the scale source.
   *
   * @param voxelSizeM edge of a voxel
   * @param maxRangeM how far from the camera depth enters the map
   */
  public record MappingConfig(double voxelSizeM, double maxRangeM) {
    public MappingConfig {
      if (!(voxelSizeM >= 0 && maxRangeM >= 0)) {
        throw new IllegalArgumentException(
            "Voxel size and range must not be negative, got %s and %s"
                .formatted(voxelSizeM, maxRangeM));
      }
    }

    public static MappingConfig auto() {
      return new MappingConfig(0, 0);
    }
  }
}
