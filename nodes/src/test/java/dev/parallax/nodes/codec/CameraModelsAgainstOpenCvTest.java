package dev.parallax.nodes.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.perception.geometry.CameraModel;
import dev.parallax.perception.geometry.CameraModels;
import java.util.Arrays;
import java.util.Random;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_calib3d;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * OpenCV wrote the models that ROS names, so it is the judge of the order of their coefficients.
 */
class CameraModelsAgainstOpenCvTest {
  private static final double[] K = {517.3, 0, 318.6, 0, 516.5, 255.3, 0, 0, 1};
  private static final int POINTS = 100;

  @ParameterizedTest
  @CsvSource({
    "plumb_bob, 0.2624 -0.9531 -0.0054 0.0026",
    "plumb_bob, 0.2624 -0.9531 -0.0054 0.0026 1.1633",
    "rational_polynomial, 0.5 -2.6 0.0005 -0.0003 1.5 0.38 -2.4 1.43",
    "equidistant, 0.0035 0.0007 -0.0021 0.0002"
  })
  void projectsWhereOpenCvDoes(String name, String coefficients) {
    double[] d =
        Arrays.stream(coefficients.split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
    CameraModel camera = CameraModels.fromRos(name, 640, 480, K, d);
    double[] points = points();

    double[] expected = openCv(name.equals("equidistant"), d, points);

    double[] uv = new double[2];
    for (int i = 0; i < POINTS; i++) {
      assertThat(camera.project(points[3 * i], points[3 * i + 1], points[3 * i + 2], uv)).isTrue();
      assertThat(Math.hypot(uv[0] - expected[2 * i], uv[1] - expected[2 * i + 1]))
          .as("point %d", i)
          .isLessThan(1e-9);
    }
  }

  private static double[] openCv(boolean fisheye, double[] d, double[] points) {
    try (PointerScope scope = new PointerScope()) {
      Mat p = mat(POINTS, 1, opencv_core.CV_64FC3, points);
      Mat k = mat(3, 3, opencv_core.CV_64FC1, K);
      Mat distortion = mat(1, d.length, opencv_core.CV_64FC1, d);
      Mat zero = mat(3, 1, opencv_core.CV_64FC1, new double[3]);
      Mat uv = new Mat();
      if (fisheye) {
        opencv_calib3d.fisheyeProjectPoints(p, uv, zero, zero, k, distortion);
      } else {
        opencv_calib3d.projectPoints(p, zero, zero, k, distortion, uv);
      }
      double[] out = new double[2 * POINTS];
      new DoublePointer(uv.data()).get(out);
      return out;
    }
  }

  private static Mat mat(int rows, int cols, int type, double[] values) {
    return new Mat(rows, cols, type, new DoublePointer(values));
  }

  /** Within 35 degrees of the axis. */
  private static double[] points() {
    Random random = new Random(3);
    double[] points = new double[3 * POINTS];
    for (int i = 0; i < POINTS; i++) {
      double z = 0.5 + 9.5 * random.nextDouble();
      points[3 * i] = z * (random.nextDouble() - 0.5);
      points[3 * i + 1] = z * (random.nextDouble() - 0.5);
      points[3 * i + 2] = z;
    }
    return points;
  }
}
