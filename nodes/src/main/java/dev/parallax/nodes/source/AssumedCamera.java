package dev.parallax.nodes.source;

import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.geometry.PinholeCamera;

/** The camera taken where a recording has no calibration; always announced as assumed. */
public final class AssumedCamera {
  /**
   * Focal length over the longer side of the picture: 53 degrees across, between a phone's wide
   * camera (0.75) and the default of structure-from-motion tools (1.2).
   */
  private static final double FOCAL_PER_SIDE = 1.0;

  private AssumedCamera() {}

  /** An undistorted camera that looks through the middle of the picture. */
  public static CameraCalibration of(int width, int height) {
    double f = FOCAL_PER_SIDE * Math.max(width, height);
    return new CameraCalibration(
        new PinholeCamera(width, height, f, f, (width - 1) / 2.0, (height - 1) / 2.0),
        CameraCalibration.Origin.ASSUMED);
  }

  /**
   * The warning that goes with it.
   *
   * @param why what is missing, e.g. {@code no CameraInfo}
   */
  public static String warning(String recording, String why, CameraCalibration assumed) {
    return ("%s: %s; assumed a focal length of %.0f px and no lens distortion, so depth and path"
            + " may be bent. Give the real ones with --camera camera.yaml")
        .formatted(recording, why, assumed.model().rectified().fx());
  }
}
