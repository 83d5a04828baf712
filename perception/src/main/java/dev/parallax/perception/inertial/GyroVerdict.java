package dev.parallax.perception.inertial;

import java.util.Locale;

/**
 * What became of holding a gyroscope against the pictures.
 *
 * <pre>
 *   LEARNING -> TRUSTED <-> a fault
 *   LEARNING -> a fault
 * </pre>
 *
 * @param state of the gyroscope
 * @param factor how many times as fast as the pictures it turns; 1 unless that is the fault
 * @param axes how its x, y, z would have to be read; empty unless that is the fault
 */
public record GyroVerdict(State state, double factor, String axes) {
  /** Whether turns are taken from it, or why not. */
  public enum State {
    /** The camera has not turned enough to tell. */
    LEARNING,
    TRUSTED,
    /** It always reads exactly zero: there is none. */
    ABSENT,
    /** It turns as the camera does, but faster or slower. */
    OTHER_UNIT,
    /** It turns as the camera does about other axes than its mounting says. */
    OTHER_AXES,
    /** It turns as the camera does in a mirror: an axis is flipped, or two are exchanged. */
    MIRRORED,
    /** It does not turn as the camera does. */
    UNRELATED;

    /** Whether something is wrong. */
    public boolean isFault() {
      return this != LEARNING && this != TRUSTED;
    }
  }

  /** A gyroscope in degrees a second turns 57.3 times as fast. */
  private static final double MIN_DEGREES = 45;

  private static final double MAX_DEGREES = 72;

  static GyroVerdict of(State state) {
    return new GyroVerdict(state, 1, "");
  }

  /** What is wrong and the remedy, one line; for a fault alone. */
  public String complaint() {
    return switch (state) {
      case ABSENT -> "it always reads exactly zero, so there is none";
      case OTHER_UNIT ->
          factor > MIN_DEGREES && factor < MAX_DEGREES
              ? "it is in degrees a second, not rad/s: multiply it by pi/180 in the driver"
              : String.format(
                  Locale.ROOT,
                  "it turns %.2f times as fast as the pictures: another unit, or a wrong focal length",
                  factor);
      case OTHER_AXES ->
          "its axes are not those of its mounting: its x, y, z would have to be read as %s; correct the driver or T_cam_imu"
              .formatted(axes);
      case MIRRORED ->
          "an axis is flipped or two are exchanged%s: correct the driver"
              .formatted(axes.isEmpty() ? "" : ": its x, y, z would have to be read as " + axes);
      case UNRELATED ->
          "it does not turn as the pictures do: another sensor's topic, or stamps of another clock";
      case LEARNING, TRUSTED -> throw new IllegalStateException("Nothing is wrong with it");
    };
  }
}
