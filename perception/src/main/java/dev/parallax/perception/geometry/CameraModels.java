package dev.parallax.perception.geometry;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/** Makes a camera model from what ROS CameraInfo and calibration files say. */
public final class CameraModels {
  /** Distortion models that are understood, as ROS names them. */
  public static final List<String> KNOWN =
      List.of(
          BrownConradyCamera.PLUMB_BOB,
          BrownConradyCamera.RATIONAL_POLYNOMIAL,
          EquidistantCamera.NAME,
          UnifiedCamera.NAME,
          DoubleSphereCamera.NAME);

  private CameraModels() {}

  /**
   * The model these numbers describe. Coefficients that are all zero mean a picture that is already
   * rectified, whatever the model, as they do in ROS; so does no coefficient at all where the model
   * is {@code plumb_bob}, {@code rational_polynomial} or not named.
   *
   * @param distortionModel one of {@link #KNOWN}, or empty
   * @param K {@code [3 3]} row-major camera matrix, pixels
   * @param D coefficients in the model's order
   * @throws IllegalArgumentException naming what is wrong and what was expected
   */
  public static CameraModel fromRos(
      String distortionModel, int width, int height, double[] K, double[] D) {
    PinholeCamera intrinsics = intrinsics(width, height, K);
    if (D.length == 0 && mayBeBare(distortionModel)) {
      return intrinsics;
    }
    requireCount(distortionModel, D);
    if (DoubleStream.of(D).allMatch(c -> c == 0)) {
      return intrinsics;
    }
    return switch (distortionModel) {
      case BrownConradyCamera.PLUMB_BOB -> BrownConradyCamera.plumbBob(intrinsics, D);
      case BrownConradyCamera.RATIONAL_POLYNOMIAL ->
          BrownConradyCamera.rationalPolynomial(intrinsics, D);
      case EquidistantCamera.NAME -> new EquidistantCamera(intrinsics, D);
      case UnifiedCamera.NAME -> new UnifiedCamera(intrinsics, D[0]);
      case DoubleSphereCamera.NAME -> new DoubleSphereCamera(intrinsics, D[0], D[1]);
      default -> throw unknown(distortionModel);
    };
  }

  private static boolean mayBeBare(String distortionModel) {
    return distortionModel.isEmpty()
        || distortionModel.equals(BrownConradyCamera.PLUMB_BOB)
        || distortionModel.equals(BrownConradyCamera.RATIONAL_POLYNOMIAL);
  }

  private static PinholeCamera intrinsics(int width, int height, double[] K) {
    if (K.length != 9) {
      throw new IllegalArgumentException(
          "camera matrix K needs 9 numbers, got %d".formatted(K.length));
    }
    if (K[0] == 0 || K[4] == 0) {
      throw new IllegalArgumentException(
          "camera matrix K has focal length 0: the camera is not calibrated; give a calibration");
    }
    if (K[1] != 0) {
      throw new IllegalArgumentException(
          "camera matrix K has skew %s, which no model here knows".formatted(K[1]));
    }
    return new PinholeCamera(width, height, K[0], K[4], K[2], K[5]);
  }

  private static void requireCount(String model, double[] D) {
    int[] counts =
        switch (model) {
          case BrownConradyCamera.PLUMB_BOB -> new int[] {4, 5};
          case BrownConradyCamera.RATIONAL_POLYNOMIAL -> new int[] {8};
          case EquidistantCamera.NAME -> new int[] {4};
          case UnifiedCamera.NAME -> new int[] {1};
          case DoubleSphereCamera.NAME -> new int[] {2};
          default -> throw unknown(model);
        };
    if (Arrays.stream(counts).noneMatch(n -> n == D.length)) {
      throw new IllegalArgumentException(
          "distortion model %s needs %s coefficients, got %d"
              .formatted(
                  model,
                  counts.length == 1 ? counts[0] : counts[0] + " or " + counts[1],
                  D.length));
    }
  }

  private static IllegalArgumentException unknown(String model) {
    return new IllegalArgumentException(
        "distortion model \"%s\" is not known; known are %s"
            .formatted(model, String.join(", ", KNOWN)));
  }
}
