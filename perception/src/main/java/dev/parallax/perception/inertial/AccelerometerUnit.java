package dev.parallax.perception.inertial;

/** What an accelerometer's readings are in, told by how long they usually are. */
public enum AccelerometerUnit {
  /** Gravity by itself, 9.81, and motion that adds to it for moments. */
  METRES_PER_SECOND_SQUARED,
  /** Gravity is 1. */
  GRAVITIES,
  /** Gravity was taken out. */
  FREE_OF_GRAVITY,
  /** No unit that is known here. */
  OTHER;

  private static final double MIN_GRAVITY = 7;
  private static final double MAX_GRAVITY = 13;
  private static final double MIN_G = 0.7;
  private static final double MAX_G = 1.3;
  private static final double FREE = 0.5;

  /**
   * @param usualLength median length of the readings
   */
  public static AccelerometerUnit of(double usualLength) {
    if (usualLength >= MIN_G && usualLength <= MAX_G) {
      return GRAVITIES;
    }
    if (usualLength < FREE) {
      return FREE_OF_GRAVITY;
    }
    return usualLength < MIN_GRAVITY || usualLength > MAX_GRAVITY
        ? OTHER
        : METRES_PER_SECOND_SQUARED;
  }
}
