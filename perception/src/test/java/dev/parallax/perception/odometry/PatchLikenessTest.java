package dev.parallax.perception.odometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PatchLikenessTest {
  private static final int SIDE = 40;

  private final PatchLikeness likeness = new PatchLikeness(SIDE, SIDE, 5);

  private static byte[] noise(long seed) {
    byte[] grey = new byte[SIDE * SIDE];
    new Random(seed).nextBytes(grey);
    return grey;
  }

  @Test
  void brightnessAndContrastDoNotMatter() {
    byte[] a = noise(1);
    byte[] b = new byte[a.length];
    for (int i = 0; i < a.length; i++) {
      b[i] = (byte) (100 + (a[i] & 0xff) / 4);
    }
    assertThat(likeness.correlation(a, 20, 20, b, 20, 20)).isGreaterThan(0.999);
  }

  @Test
  void aPatchIsFoundWhereItWentTo() {
    byte[] a = noise(2);
    byte[] b = new byte[a.length];
    System.arraycopy(a, 0, b, 3 * SIDE, a.length - 3 * SIDE); // three rows down
    assertThat(likeness.correlation(a, 20, 20, b, 20, 23)).isCloseTo(1, within(1e-9));
    assertThat(Math.abs(likeness.correlation(a, 20, 20, b, 20, 20))).isLessThan(0.4);
  }

  @Test
  void whatIsAllTheSameIsLikeNothing() {
    assertThat(likeness.correlation(new byte[SIDE * SIDE], 20, 20, noise(3), 20, 20)).isZero();
  }

  @Test
  void patchesAtTheBorderAreCompared() {
    byte[] a = noise(4);
    assertThat(likeness.correlation(a, 0, 39, a, 0, 39)).isCloseTo(1, within(1e-9));
  }
}
