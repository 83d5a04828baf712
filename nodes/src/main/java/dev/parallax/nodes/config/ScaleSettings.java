package dev.parallax.nodes.config;

import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.pipeline.PipelineConfig.ScaleConfig;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a user says of the unit of length.
 *
 * @param sources names with commas between, or {@code auto}; null: the camera height if there is
 *     one, else relative
 * @param cameraHeightM over the ground
 * @param speedRelativeStd how far the speed's own scale may be off, over the speed; null for what
 *     is usual
 */
public record ScaleSettings(
    @Nullable String sources, @Nullable Double cameraHeightM, @Nullable Double speedRelativeStd) {
  private static final String AUTO = "auto";

  /** Whether every source that is there is wanted. */
  public boolean isAuto() {
    return AUTO.equals(sources);
  }

  /**
   * Whether a source is asked for by name.
   *
   * @throws IllegalArgumentException if what is asked for is no list of sources
   */
  public boolean names(ScaleSource source) {
    return !isAuto() && named().contains(source);
  }

  /**
   * @param there the sources that {@code auto} stands for
   * @throws IllegalArgumentException if a value is out of range or two contradict each other
   */
  public ScaleConfig config(Set<ScaleSource> there) {
    Set<ScaleSource> wanted = isAuto() ? EnumSet.copyOf(there) : named();
    if (isAuto() && cameraHeightM != null) {
      wanted.add(ScaleSource.CAMERA_HEIGHT);
    }
    boolean wantsHeight = wanted.contains(ScaleSource.CAMERA_HEIGHT);
    if (wantsHeight && cameraHeightM == null) {
      throw new IllegalArgumentException(
          "the scale is from the camera height, which is not given: add --camera-height M"
              + " (camera_height in a file)");
    }
    if (!wantsHeight && cameraHeightM != null) {
      throw new IllegalArgumentException(
          "a camera height is given, but the scale is %s: add camera-height to it, or leave it out"
              .formatted(sources));
    }
    if (wanted.isEmpty()) {
      return ScaleConfig.relative();
    }
    return new ScaleConfig(
        wanted,
        cameraHeightM == null ? Double.NaN : cameraHeightM,
        ScaleConfig.USUAL_HEIGHT_RELATIVE_STD,
        speedRelativeStd == null ? ScaleConfig.USUAL_SPEED_RELATIVE_STD : speedRelativeStd);
  }

  private Set<ScaleSource> named() {
    Set<ScaleSource> named = EnumSet.noneOf(ScaleSource.class);
    if (sources == null) {
      named.add(cameraHeightM == null ? ScaleSource.RELATIVE : ScaleSource.CAMERA_HEIGHT);
      return named;
    }
    for (String name : sources.split(",", -1)) {
      named.add(source(name.trim()));
    }
    return named;
  }

  private static ScaleSource source(String name) {
    for (ScaleSource source : ScaleSource.values()) {
      if (source.label().replace(' ', '-').equals(name.toLowerCase(Locale.ROOT))) {
        return source;
      }
    }
    throw new IllegalArgumentException(
        ("the scale is sensor-depth, speed, imu, camera-height, metric-prior (several with commas"
                + " between), auto or relative, got %s")
            .formatted(name));
  }
}
