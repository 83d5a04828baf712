package dev.parallax.perception.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CameraModelsTest {
  private static final double[] K = {500, 0, 320, 0, 510, 240, 0, 0, 1};

  @ParameterizedTest
  @CsvSource({
    "plumb_bob,4",
    "plumb_bob,5",
    "rational_polynomial,8",
    "equidistant,4",
    "unified,1",
    "double_sphere,2"
  })
  void makesEveryKnownModelWithItsNameSizeAndCoefficients(String name, int count) {
    double[] d = new double[count];
    Arrays.fill(d, 0.01);

    CameraModel camera = CameraModels.fromRos(name, 640, 480, K, d);

    assertThat(camera.name()).isEqualTo(name);
    assertThat(camera.isRectified()).isFalse();
    assertThat(((DistortedCamera) camera).coefficients()).containsExactly(d);
    assertThat(((DistortedCamera) camera).intrinsics())
        .isEqualTo(new PinholeCamera(640, 480, 500, 510, 320, 240));
  }

  @ParameterizedTest
  @CsvSource({"plumb_bob,5", "plumb_bob,0", "'',0", "equidistant,4", "rational_polynomial,8"})
  void takesZeroCoefficientsForARectifiedPicture(String name, int count) {
    assertThat(CameraModels.fromRos(name, 640, 480, K, new double[count]))
        .isEqualTo(new PinholeCamera(640, 480, 500, 510, 320, 240));
  }

  @ParameterizedTest
  @CsvSource({
    "plumb_bob,3,needs 4 or 5 coefficients",
    "plumb_bob,8,needs 4 or 5 coefficients",
    "rational_polynomial,5,needs 8 coefficients",
    "equidistant,0,needs 4 coefficients",
    "unified,2,needs 1 coefficients",
    "double_sphere,1,needs 2 coefficients"
  })
  void saysHowManyCoefficientsAreNeededAndHowManyCame(String name, int count, String expected) {
    assertThatThrownBy(() -> CameraModels.fromRos(name, 640, 480, K, new double[count]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("distortion model %s %s, got %d", name, expected, count);
  }

  @Test
  void listsTheKnownModelsWhenTheNameIsNotOneOfThem() {
    assertThatThrownBy(() -> CameraModels.fromRos("fisheye62", 640, 480, K, new double[] {1}))
        .hasMessage(
            "distortion model \"fisheye62\" is not known; known are plumb_bob,"
                + " rational_polynomial, equidistant, unified, double_sphere");
  }

  @Test
  void refusesAnUncalibratedOrSkewedCameraMatrix() {
    assertThatThrownBy(
            () -> CameraModels.fromRos("plumb_bob", 640, 480, new double[9], new double[5]))
        .hasMessageContaining("not calibrated");
    assertThatThrownBy(
            () -> CameraModels.fromRos("plumb_bob", 640, 480, new double[4], new double[5]))
        .hasMessageContaining("needs 9 numbers, got 4");
    double[] skewed = K.clone();
    skewed[1] = 3;
    assertThatThrownBy(() -> CameraModels.fromRos("plumb_bob", 640, 480, skewed, new double[5]))
        .hasMessageContaining("skew 3.0");
  }

  @Test
  void refusesParametersOutsideTheirRangeOrNotNumbers() {
    assertThatThrownBy(() -> CameraModels.fromRos("unified", 640, 480, K, new double[] {1}))
        .hasMessageContaining("[0, 1), got 1.0");
    assertThatThrownBy(
            () -> CameraModels.fromRos("double_sphere", 640, 480, K, new double[] {-1.5, 0.5}))
        .hasMessageContaining("xi -1.5");
    assertThatThrownBy(
            () ->
                CameraModels.fromRos(
                    "plumb_bob", 640, 480, K, new double[] {Double.NaN, 0, 0, 0, 0}))
        .hasMessageContaining("not a number");
  }
}
