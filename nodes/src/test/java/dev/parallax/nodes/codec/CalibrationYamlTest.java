package dev.parallax.nodes.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.perception.geometry.BrownConradyCamera;
import dev.parallax.perception.geometry.CameraModel;
import dev.parallax.perception.geometry.DoubleSphereCamera;
import dev.parallax.perception.geometry.EquidistantCamera;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.UnifiedCamera;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CalibrationYamlTest {
  private static final PinholeCamera K = new PinholeCamera(640, 480, 517.3, 516.5, 318.6, 255.3);

  /** As the ROS camera_calibration tool saves it. */
  private static final String ROS =
      """
      image_width: 640
      image_height: 480
      camera_name: head_camera
      camera_matrix:
        rows: 3
        cols: 3
        data: [517.3, 0, 318.6, 0, 516.5, 255.3, 0, 0, 1]
      distortion_model: plumb_bob
      distortion_coefficients:
        rows: 1
        cols: 5
        data: [0.2624, -0.9531, -5.4e-03, 26e-4, 1.1633]
      """;

  @TempDir private Path folder;

  static Stream<CameraModel> models() {
    return Stream.of(
        K,
        BrownConradyCamera.plumbBob(K, 0.1, -0.2, 1e-5, 0.004),
        BrownConradyCamera.plumbBob(K, 0.1, -0.2, 1e-5, 0.004, 3),
        BrownConradyCamera.rationalPolynomial(K, 1, 2, 3e-9, 4, 5, 6, 7, 8),
        new EquidistantCamera(K, 0.1, 0.2, 0.3, 0.4),
        new UnifiedCamera(K, 0.6),
        new DoubleSphereCamera(K, -0.2, 0.6));
  }

  @ParameterizedTest
  @MethodSource("models")
  void readsBackEveryModelItWrote(CameraModel camera) throws Exception {
    Path file = folder.resolve("camera.yaml");

    CalibrationYaml.write(file, "a \"quoted\" name", camera);

    assertThat(CalibrationYaml.read(file)).isEqualTo(camera);
  }

  @Test
  void readsWhatTheRosToolSaves() throws Exception {
    assertThat(CalibrationYaml.read(file(ROS)))
        .isEqualTo(BrownConradyCamera.plumbBob(K, 0.2624, -0.9531, -0.0054, 0.0026, 1.1633));
  }

  @Test
  void takesAFileWithoutDistortionForARectifiedCamera() throws Exception {
    String bare = ROS.substring(0, ROS.indexOf("distortion_model"));

    assertThat(CalibrationYaml.read(file(bare))).isEqualTo(K);
  }

  @Test
  void readsOpenCvsFirstLineAndItsMatrices() throws Exception {
    String opencv =
        "%YAML:1.0\n---\n"
            + ROS.replace("camera_matrix:", "camera_matrix: !!opencv-matrix")
                .replace("cols: 3", "cols: 3\n  dt: d");

    assertThat(CalibrationYaml.read(file(opencv))).isEqualTo(CalibrationYaml.read(file(ROS)));
  }

  @Test
  void takesCoefficientsWithoutAModelForOpenCvs() throws Exception {
    String unnamed = ROS.replace("distortion_model: plumb_bob\n", "");

    assertThat(CalibrationYaml.read(file(unnamed))).isEqualTo(CalibrationYaml.read(file(ROS)));
    assertThat(
            CalibrationYaml.read(
                file(unnamed.replace(", 26e-4, 1.1633]", ", 26e-4, 1.1633, 0.1, 0.2, 0.3]"))))
        .isEqualTo(
            BrownConradyCamera.rationalPolynomial(
                K, 0.2624, -0.9531, -0.0054, 0.0026, 1.1633, 0.1, 0.2, 0.3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "image_width: 640 | # | image_width: this key is missing",
        "image_height: 480 | image_height: tall | image_height: must be a whole number",
        "data: [517.3, 0, 318.6, 0, 516.5, 255.3, 0, 0, 1] | data: [1, 2] |"
            + " camera_matrix: data: needs 9 numbers, got 2",
        "data: [517.3, 0 | data: [wide, 0 | camera_matrix: data: \"wide\" is not a number",
        ", 26e-4, 1.1633] | ] | needs 4 or 5 coefficients, got 3",
        "plumb_bob | pancake | distortion model \"pancake\" is not known",
        "camera_matrix: | camera_matrix: 5 # | not YAML",
        "head_camera | [ | not YAML",
        "head_camera | !!opencv-matrix [1] | not YAML: a tag",
        "head_camera | !!opencv-matrix one | not YAML: a tag",
        "head_camera | !!map [1] | not YAML: a tag"
      })
  void namesTheFileAndTheKeyThatIsWrong(String good, String bad, String complaint)
      throws Exception {
    Path file = file(ROS.replace(good, bad));

    assertThatThrownBy(() -> CalibrationYaml.read(file))
        .isInstanceOf(CalibrationFormatException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(complaint)
        .message()
        .hasLineCount(1);
  }

  @Test
  void namesAFileThatIsNotThereOrHoldsNoKeys() throws Exception {
    Path missing = folder.resolve("none.yaml");

    assertThatThrownBy(() -> CalibrationYaml.read(missing))
        .hasMessage(missing + ": no such file; check the path");
    assertThatThrownBy(() -> CalibrationYaml.read(file("just a line")))
        .hasMessageContaining("holds no keys");
  }

  @Test
  void makesNoObjectsThatAFileAsksFor() {
    assertThatThrownBy(() -> CalibrationYaml.read(file("x: !!java.net.URL [\"http://localhost\"]")))
        .isInstanceOf(CalibrationFormatException.class)
        .hasMessageContaining("not YAML");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("camera.yaml"), text);
  }
}
