package dev.parallax.perception.frame;

import dev.parallax.perception.geometry.Se3;

/**
 * How a gyroscope says that the camera turned from the picture before to this one.
 *
 * @param R_cur_prev a rotation alone; maps directions of the previous camera to this one's
 * @param stdRad one standard deviation about each axis
 */
public record TurnPrediction(Se3 R_cur_prev, double stdRad) {
  /** A turn that no noise of a gyroscope makes up. */
  private static final double MIN_TURN_RAD = 0.004;

  private static final double SURE_SIGMAS = 5;

  public TurnPrediction {
    if (!R_cur_prev.isFinite() || !(stdRad > 0)) {
      throw new IllegalArgumentException(
          "A turn is finite and its std positive, got %s and %s".formatted(R_cur_prev, stdRad));
    }
  }

  /** Whether the camera cannot have stood still. */
  public boolean isTurn() {
    return R_cur_prev.angleRad() > Math.max(MIN_TURN_RAD, SURE_SIGMAS * stdRad);
  }
}
