package dev.parallax.perception.odometry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cpu.CpuKernels;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExposureMatchTest {
  private static final int WIDTH = 160;
  private static final int HEIGHT = 120;
  private static final int POINTS = 100;

  private static byte[] picture() {
    Random random = new Random(3);
    byte[] picture = new byte[WIDTH * HEIGHT];
    for (int k = 0; k < picture.length; k++) {
      int patch = (k / WIDTH / 12 * 31 + k % WIDTH / 12 * 17) % 80;
      picture[k] = (byte) (40 + patch + random.nextInt(5));
    }
    return picture;
  }

  private static byte[] brightened(byte[] picture, double gain) {
    byte[] brightened = new byte[picture.length];
    for (int k = 0; k < picture.length; k++) {
      brightened[k] = (byte) Math.min(255, Math.round(gain * (picture[k] & 0xff)));
    }
    return brightened;
  }

  private static float[] points() {
    Random random = new Random(5);
    float[] uv = new float[2 * POINTS];
    for (int i = 0; i < POINTS; i++) {
      uv[2 * i] = 10 + random.nextInt(WIDTH - 20);
      uv[2 * i + 1] = 10 + random.nextInt(HEIGHT - 20);
    }
    return uv;
  }

  /** The copy that was made; null where none was. */
  private static byte[] match(byte[] now, byte[] then, float[] uv) {
    Shape shape = Shape.of(HEIGHT, WIDTH);
    try (CpuKernels kernels = new CpuKernels(1);
        BufferScope scope = kernels.openScope()) {
      ExposureMatch exposure = new ExposureMatch(kernels, scope, shape);
      DeviceBuffer grey = scope.u8(shape);
      kernels.upload(now, grey);
      if (!exposure.match(grey, uv, then, uv, POINTS)) {
        return null;
      }
      byte[] copy = new byte[now.length];
      kernels.download(exposure.matched(), copy);
      return copy;
    }
  }

  @Test
  void aPictureOfAnotherExposureIsBroughtToThatOfTheOtherThoughAFifthOfItChanged() {
    byte[] then = picture();
    for (double gain : new double[] {0.5, 0.8, 1.4}) {
      byte[] now = brightened(then, gain);
      for (int k = 0; k < now.length / 5; k++) {
        now[k] = (byte) 230; // something bright came in from above
      }

      byte[] matched = match(now, then, points());

      assertThat(matched).isNotNull();
      for (int k = now.length / 4; k < now.length; k++) {
        assertThat(matched[k] & 0xff).isBetween((then[k] & 0xff) - 3, (then[k] & 0xff) + 3);
      }
    }
  }

  @Test
  void theSameExposureADarkPictureAndPointsAtTheRimChangeNothing() {
    byte[] then = picture();

    assertThat(match(brightened(then, 1.02), then, points())).isNull();
    assertThat(match(brightened(then, 0.02), then, points())).isNull();
    assertThat(match(brightened(then, 1.5), then, new float[2 * POINTS])).isNull();
  }
}
