package dev.parallax.nodes.runtime.files;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import java.util.Locale;

/**
 * {@code camera.yaml}: the rectified pinhole camera that depth, scene flow and mask lie on, in the
 * layout of ROS' camera_calibration_parsers.
 */
final class DepthCameraYaml {
  private DepthCameraYaml() {}

  static String of(Estimated frame) {
    PinholeCamera c = frame.depthCamera();
    return """
        image_width: %d
        image_height: %d
        camera_name: %s
        camera_matrix:
          rows: 3
          cols: 3
          data: [%s, 0.0, %s, 0.0, %s, %s, 0.0, 0.0, 1.0]
        distortion_model: plumb_bob
        distortion_coefficients:
          rows: 1
          cols: 5
          data: [0.0, 0.0, 0.0, 0.0, 0.0]
        rectification_matrix:
          rows: 3
          cols: 3
          data: [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]
        projection_matrix:
          rows: 3
          cols: 4
          data: [%s, 0.0, %s, 0.0, 0.0, %s, %s, 0.0, 0.0, 0.0, 1.0, 0.0]
        """
        .formatted(
            c.width(),
            c.height(),
            frame.id().camera().name(),
            number(c.fx()),
            number(c.cx()),
            number(c.fy()),
            number(c.cy()),
            number(c.fx()),
            number(c.cx()),
            number(c.fy()),
            number(c.cy()));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.9f", value);
  }
}
