package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.ScaleFigures;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.loop.LoopConfig;
import java.util.EnumSet;
import java.util.Set;

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

  /** Whether what is worked beside the frames is waited for, which a live camera never is. */
  public boolean isPatient() {
    return loops.isPatient();
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
   * The scale sources that were asked for; several are fused.
   *
   * @param sources {@link ScaleSource#RELATIVE} alone, or any that are metric
   * @param cameraHeightM height of the camera over the ground, metres; NaN unless {@link
   *     ScaleSource#CAMERA_HEIGHT} is one of the sources
   * @param heightRelativeStd how far that height may be off, one standard deviation over it; NaN
   *     likewise
   * @param speedRelativeStd how far the speed sensor's own scale may be off (tyres, gears), one
   *     standard deviation over the speed; NaN unless {@link ScaleSource#SPEED} is one of the
   *     sources
   */
  public record ScaleConfig(
      Set<ScaleSource> sources,
      double cameraHeightM,
      double heightRelativeStd,
      double speedRelativeStd) {
    /** What wheels that were measured with a tape are off by. */
    public static final double USUAL_SPEED_RELATIVE_STD = 0.01;

    /** What a height that was measured with a tape is off by: a few millimetres, and the load. */
    public static final double USUAL_HEIGHT_RELATIVE_STD = 0.02;

    public ScaleConfig {
      sources = Set.copyOf(sources);
      boolean isRelative = sources.contains(ScaleSource.RELATIVE);
      if (sources.isEmpty() || isRelative && sources.size() > 1) {
        throw new IllegalArgumentException(
            "The scale is relative or from metric sources, got " + ScaleFigures.labels(sources));
      }
      if (sources.contains(ScaleSource.SPEED)) {
        requireShare("speed's own scale", speedRelativeStd);
      }
      if (sources.contains(ScaleSource.CAMERA_HEIGHT)) {
        requireShare("camera height", heightRelativeStd);
        if (!(cameraHeightM > 0 && cameraHeightM < 1000)) {
          throw new IllegalArgumentException(
              "Camera height must be between 0 and 1000 metres, got " + cameraHeightM);
        }
      }
    }

    private static void requireShare(String what, double std) {
      if (!(std > 0 && std < 1)) {
        throw new IllegalArgumentException(
            "The std of the %s must be between 0 and 1, got %s".formatted(what, std));
      }
    }

    private static ScaleConfig plain(ScaleSource source) {
      return new ScaleConfig(Set.of(source), Double.NaN, Double.NaN, Double.NaN);
    }

    public static ScaleConfig relative() {
      return plain(ScaleSource.RELATIVE);
    }

    public static ScaleConfig sensorDepth() {
      return plain(ScaleSource.SENSOR_DEPTH);
    }

    public static ScaleConfig cameraHeight(double heightM) {
      return new ScaleConfig(
          Set.of(ScaleSource.CAMERA_HEIGHT), heightM, USUAL_HEIGHT_RELATIVE_STD, Double.NaN);
    }

    /** Metres from a network's guess. */
    public static ScaleConfig metricPrior() {
      return plain(ScaleSource.METRIC_PRIOR);
    }

    /** Metres from the readings of an accelerometer that frames carry along. */
    public static ScaleConfig imu() {
      return plain(ScaleSource.IMU);
    }

    /** Metres from the way that frames carry along. */
    public static ScaleConfig speed(double relativeStd) {
      return new ScaleConfig(Set.of(ScaleSource.SPEED), Double.NaN, Double.NaN, relativeStd);
    }

    /** These sources and others, fused; relative adds nothing. */
    public ScaleConfig and(ScaleConfig other) {
      if (!isMetric()) {
        return other;
      }
      if (!other.isMetric()) {
        return this;
      }
      Set<ScaleSource> both = EnumSet.copyOf(sources);
      both.addAll(other.sources);
      boolean isHeightHere = has(ScaleSource.CAMERA_HEIGHT);
      return new ScaleConfig(
          both,
          isHeightHere ? cameraHeightM : other.cameraHeightM,
          isHeightHere ? heightRelativeStd : other.heightRelativeStd,
          has(ScaleSource.SPEED) ? speedRelativeStd : other.speedRelativeStd);
    }

    public boolean has(ScaleSource source) {
      return sources.contains(source);
    }

    /** Whether lengths are, or become, metres. */
    public boolean isMetric() {
      return !sources.contains(ScaleSource.RELATIVE);
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
