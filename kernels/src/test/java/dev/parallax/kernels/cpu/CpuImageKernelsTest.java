package dev.parallax.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CpuImageKernelsTest {
  private static final Shape SHAPE = Shape.of(60, 80);

  private final CpuKernels kernels = new CpuKernels(1);
  private final BufferScope scope = kernels.openScope();

  @AfterEach
  void close() {
    scope.close();
    kernels.close();
  }

  private DeviceBuffer u8(Shape shape, int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    DeviceBuffer buffer = scope.u8(shape);
    kernels.upload(bytes, buffer);
    return buffer;
  }

  private int[] read(DeviceBuffer buffer) {
    byte[] bytes = new byte[buffer.shape().elements()];
    kernels.download(buffer, bytes);
    int[] values = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      values[i] = bytes[i] & 0xff;
    }
    return values;
  }

  @Test
  void greyWeighsBlueGreenAndRedAsBt601() {
    DeviceBuffer bgr = u8(new Shape(1, 4, 3), 255, 0, 0, 0, 255, 0, 0, 0, 255, 200, 200, 200);
    DeviceBuffer grey = scope.u8(Shape.of(1, 4));

    kernels.images().grey(bgr, grey);

    assertThat(read(grey)).containsExactly(29, 150, 76, 200);
  }

  @Test
  void greyOfAGreyPictureIsTheSame() {
    DeviceBuffer grey = scope.u8(Shape.of(1, 3));

    kernels.images().grey(u8(Shape.of(1, 3), 0, 128, 255), grey);

    assertThat(read(grey)).containsExactly(0, 128, 255);
  }

  @Test
  void targetsThatDoNotFitAreRefused() {
    DeviceBuffer bgr = u8(new Shape(1, 2, 3), 1, 2, 3, 4, 5, 6);
    assertThatThrownBy(() -> kernels.images().grey(bgr, scope.u8(Shape.of(2, 2))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[2 2 1]");
    assertThatThrownBy(() -> kernels.images().grey(bgr, scope.u8(new Shape(1, 2, 3))))
        .as("three channels where one is written")
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void remapSamplesBetweenPixelsAndIsBlackOutside() {
    DeviceBuffer picture = u8(new Shape(2, 2, 1), 10, 30, 50, 70);
    DeviceBuffer map = scope.f32(new Shape(1, 4, 2));
    kernels.upload(new float[] {1, 0, 0.5f, 0, 0.5f, 0.5f, -1e4f, -1e4f}, map);
    DeviceBuffer target = scope.u8(Shape.of(1, 4));

    kernels.images().remap(picture, map, target);

    assertThat(read(target)).containsExactly(30, 20, 40, 0);
  }

  @Test
  void meanAndStdOfFourLevels() {
    DeviceBuffer both = scope.f32(new Shape(1, 1, 2));

    kernels.images().meanAndStd(u8(Shape.of(2, 2), 0, 255, 255, 0), both);

    float[] stats = new float[2];
    kernels.download(both, stats);
    assertThat(stats).containsExactly(127.5f, 127.5f);
  }

  /** A bright quadrant on black: one corner at (40, 30). */
  private DeviceBuffer quadrant(int level) {
    byte[] picture = new byte[SHAPE.pixels()];
    for (int v = 30; v < 60; v++) {
      Arrays.fill(picture, v * 80 + 40, v * 80 + 80, (byte) level);
    }
    DeviceBuffer buffer = scope.u8(SHAPE);
    kernels.upload(picture, buffer);
    return buffer;
  }

  @Test
  void theOnlyCornerIsFoundAndEdgesAndFlatCellsStayEmpty() {
    float[] uv = new float[2 * 12];

    int found = kernels.images().corners(quadrant(100), 60, 5, 12, new boolean[2], uv);

    assertThat(found).isEqualTo(1);
    assertThat((double) uv[0]).isCloseTo(40, within(3.0));
    assertThat((double) uv[1]).isCloseTo(30, within(3.0));
  }

  @Test
  void skippedCellsAndBordersGiveNothing() {
    float[] uv = new float[2 * 12];
    boolean[] skipAll = new boolean[12];
    Arrays.fill(skipAll, true);

    assertThat(kernels.images().corners(quadrant(100), 20, 5, 12, skipAll, uv)).isZero();
    assertThat(kernels.images().corners(quadrant(100), 20, 28, 12, new boolean[12], uv))
        .as("the corner's cells begin within 28 px of the edge, but not the corner")
        .isPositive();
    assertThat(
            kernels
                .images()
                .corners(
                    new SmoothTexture(1).shifted(kernels, scope, SHAPE, 0, 0),
                    20,
                    12,
                    1,
                    new boolean[12],
                    uv))
        .isEqualTo(12);
    for (int i = 0; i < 12; i++) {
      assertThat(uv[2 * i]).isBetween(12f, 67f);
      assertThat(uv[2 * i + 1]).isBetween(12f, 47f);
    }
  }

  @Test
  void neverWritesMorePointsThanThereIsRoomFor() {
    DeviceBuffer texture = new SmoothTexture(1).shifted(kernels, scope, SHAPE, 0, 0);

    assertThat(kernels.images().corners(texture, 20, 5, 1, new boolean[12], new float[7]))
        .isEqualTo(3);
  }

  /**
   * The smaller eigenvalue of the structure tensor summed over 7x7 pixels, gradients in grey levels
   * a pixel as the 3x3 Sobel operator over eight gives them, computed here without OpenCV.
   */
  private static double bestScore(int[] grey, int borderPx) {
    int w = SHAPE.width();
    double best = 0;
    for (int v = borderPx; v < SHAPE.height() - borderPx; v++) {
      for (int u = borderPx; u < w - borderPx; u++) {
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (int b = -3; b <= 3; b++) {
          for (int a = -3; a <= 3; a++) {
            int i = (v + b) * w + u + a;
            double gx =
                (grey[i + 1 - w]
                        + 2 * grey[i + 1]
                        + grey[i + 1 + w]
                        - grey[i - 1 - w]
                        - 2 * grey[i - 1]
                        - grey[i - 1 + w])
                    / 8.0;
            double gy =
                (grey[i + w - 1]
                        + 2 * grey[i + w]
                        + grey[i + w + 1]
                        - grey[i - w - 1]
                        - 2 * grey[i - w]
                        - grey[i - w + 1])
                    / 8.0;
            xx += gx * gx;
            xy += gx * gy;
            yy += gy * gy;
          }
        }
        best = Math.max(best, (xx + yy) / 2 - Math.hypot((xx - yy) / 2, xy));
      }
    }
    return best;
  }

  @Test
  void theThresholdIsTheSmallerEigenvalueOfTheStructureTensorSummedOverSevenBySeven() {
    for (int level : new int[] {20, 100, 250}) {
      DeviceBuffer picture = quadrant(level);
      double best = bestScore(read(picture), 10);
      float[] uv = new float[2];

      assertThat(corners(picture, best * 0.999, uv)).as("level %d", level).isEqualTo(1);
      assertThat(corners(picture, best * 1.001, uv)).as("level %d", level).isZero();
    }
  }

  private int corners(DeviceBuffer picture, double minEigenvalue, float[] uv) {
    return kernels.images().corners(picture, 100, 10, minEigenvalue, new boolean[1], uv);
  }
}
