package dev.parallax.perception.frame;

import dev.parallax.perception.geometry.CameraModel;

/** A camera model and where it comes from, so that an assumed one is never taken for measured. */
public record CameraCalibration(CameraModel model, Origin origin) {
  /** How the numbers were obtained. */
  public enum Origin {
    GIVEN,
    ASSUMED,
    ESTIMATED
  }
}
