package dev.parallax.perception.prior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.PinholeCamera;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AreaResizeTest {
  @Test
  void aWholeFractionIsTheMeanOfItsBlock() {
    Picture picture = new Picture(4, 2, Picture.Format.MONO8, bytes(0, 10, 20, 30, 40, 50, 60, 70));
    assertThat(new AreaResize(4, 2, 2, 1).grey(picture)).containsExactly(25, 45);
  }

  @Test
  void cutPixelsCountByTheirShareAndTheMeanStays() {
    Random random = new Random(1);
    byte[] data = new byte[70 * 45];
    random.nextBytes(data);
    double mean = 0;
    for (byte value : data) {
      mean += (value & 255) / (double) data.length;
    }
    for (int[] size : new int[][] {{32, 32}, {70, 45}, {96, 64}}) {
      float[] small =
          new AreaResize(70, 45, size[0], size[1])
              .grey(new Picture(70, 45, Picture.Format.MONO8, data));
      double smallMean = 0;
      for (float value : small) {
        smallMean += value / small.length;
      }
      assertThat(smallMean).isCloseTo(mean, within(0.02));
    }
  }

  @Test
  void theSmallCameraSeesAPointAtTheSamePlaceOfThePicture() {
    PinholeCamera large = new PinholeCamera(640, 480, 500, 510, 321, 238);
    PinholeCamera small = new AreaResize(640, 480, 256, 192).camera(large);
    double[] uv = new double[2];
    double[] smallUv = new double[2];
    large.project(0.3, -0.2, 2, uv);
    small.project(0.3, -0.2, 2, smallUv);
    // Pixels have their centres at whole numbers, so edges lie half a pixel outside.
    assertThat((smallUv[0] + 0.5) / 256).isCloseTo((uv[0] + 0.5) / 640, within(1e-9));
    assertThat((smallUv[1] + 0.5) / 192).isCloseTo((uv[1] + 0.5) / 480, within(1e-9));
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
