package dev.parallax.perception.odometry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class NoiseFloorTest {
  private static final int W = 160;
  private static final int H = 120;

  /** A grey wall seen by a noisy sensor, a checked square of little contrast in its middle. */
  private static byte[] wall(double noise, int contrast) {
    Random random = new Random(4);
    byte[] grey = new byte[W * H];
    for (int v = 0; v < H; v++) {
      for (int u = 0; u < W; u++) {
        boolean checked = Math.abs(u - 80) < 20 && Math.abs(v - 60) < 20;
        int value = 120 + (checked && (u / 4 + v / 4) % 2 == 0 ? contrast : 0);
        grey[v * W + u] = (byte) Math.round(value + noise * random.nextGaussian());
      }
    }
    return grey;
  }

  @Test
  void noiseOfAnyStrengthIsNoTextureAndTextureAboveItIs() {
    NoiseFloor floor = new NoiseFloor(W, H);
    for (double noise : new double[] {1, 2, 5}) {
      floor.read(wall(noise, (int) (10 * noise)));
      int taken = 0;
      for (int v = 10; v < 35; v += 5) {
        for (int u = 10; u < 150; u += 5) {
          taken += floor.standsOut(u, v) ? 1 : 0;
        }
      }

      assertThat(taken).as("noise %s", noise).isZero();
      assertThat(floor.standsOut(80, 60)).as("noise %s", noise).isTrue();
    }
  }

  @Test
  void aPictureWithoutNoiseKeepsTheFaintestTexture() {
    NoiseFloor floor = new NoiseFloor(W, H);
    floor.read(wall(0, 2));

    assertThat(floor.standsOut(80, 60)).isTrue();
  }
}
