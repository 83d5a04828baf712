package dev.parallax.nodes.codec;

import dev.parallax.perception.geometry.BrownConradyCamera;
import dev.parallax.perception.geometry.CameraModel;
import dev.parallax.perception.geometry.CameraModels;
import dev.parallax.perception.geometry.DistortedCamera;
import dev.parallax.perception.geometry.PinholeCamera;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Calibration files as ROS's {@code camera_calibration_parsers} reads and writes them: {@code
 * image_width}, {@code image_height}, {@code camera_name}, {@code camera_matrix}, {@code
 * distortion_model}, {@code distortion_coefficients}. Beyond ROS's models, {@code unified} takes
 * {@code [alpha]} and {@code double_sphere} {@code [xi, alpha]}. Without a model's name four or
 * five coefficients are {@code plumb_bob}, eight {@code rational_polynomial}: so OpenCV saves them.
 */
public final class CalibrationYaml {
  private CalibrationYaml() {}

  /**
   * @throws CalibrationFormatException in one line naming the file, the key and what is wrong
   */
  public static CameraModel read(Path file) throws CalibrationFormatException {
    YamlTree yaml = YamlTree.read(file);
    int width = yaml.integer("image_width");
    int height = yaml.integer("image_height");
    double[] k = yaml.child("camera_matrix").numbers("data", 9);
    double[] d =
        yaml.has("distortion_coefficients")
            ? yaml.child("distortion_coefficients").numbers("data")
            : new double[0];
    String model = yaml.has("distortion_model") ? yaml.text("distortion_model") : unnamed(d);
    try {
      return CameraModels.fromRos(model, width, height, k, d);
    } catch (IllegalArgumentException e) {
      throw yaml.complaint(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * The model meant where OpenCV writes coefficients alone: eight are its rational model; else the
   * plumb bob, which is also what camera_calibration_parsers of ROS takes a file without a model
   * for.
   */
  private static String unnamed(double[] d) {
    return d.length == 8 ? BrownConradyCamera.RATIONAL_POLYNOMIAL : BrownConradyCamera.PLUMB_BOB;
  }

  /** Writes a file that {@link #read} turns into an equal model. */
  public static void write(Path file, String cameraName, CameraModel camera) throws IOException {
    Files.writeString(file, text(cameraName, camera));
  }

  /** The text that {@link #write} writes. */
  public static String text(String cameraName, CameraModel camera) {
    PinholeCamera k =
        camera instanceof DistortedCamera distorted ? distorted.intrinsics() : camera.rectified();
    double[] d =
        camera instanceof DistortedCamera distorted ? distorted.coefficients() : new double[5];
    String model = camera instanceof DistortedCamera ? camera.name() : "plumb_bob";
    PinholeCamera p = camera.rectified();
    return """
        image_width: %d
        image_height: %d
        camera_name: %s
        camera_matrix:
          rows: 3
          cols: 3
          data: %s
        distortion_model: %s
        distortion_coefficients:
          rows: 1
          cols: %d
          data: %s
        rectification_matrix:
          rows: 3
          cols: 3
          data: [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]
        projection_matrix:
          rows: 3
          cols: 4
          data: %s
        """
        .formatted(
            camera.width(),
            camera.height(),
            '"' + cameraName.replace("\\", "\\\\").replace("\"", "\\\"") + '"',
            list(k.fx(), 0, k.cx(), 0, k.fy(), k.cy(), 0, 0, 1),
            model,
            d.length,
            list(d),
            list(p.fx(), 0, p.cx(), 0, 0, p.fy(), p.cy(), 0, 0, 0, 1, 0));
  }

  private static String list(double... values) {
    return Arrays.toString(values);
  }
}
