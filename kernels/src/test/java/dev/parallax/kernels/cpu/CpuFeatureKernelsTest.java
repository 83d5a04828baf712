package dev.parallax.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Features;
import dev.parallax.kernels.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CpuFeatureKernelsTest {
  private static final Shape SHAPE = Shape.of(240, 320);

  private final CpuKernels kernels = new CpuKernels(1);
  private final BufferScope scope = kernels.openScope();
  private final SmoothTexture texture = new SmoothTexture(5);

  @AfterEach
  void close() {
    scope.close();
    kernels.close();
  }

  private DeviceBuffer shifted(double du, double dv) {
    return texture.shifted(kernels, scope, SHAPE, du, dv);
  }

  private Features detect(DeviceBuffer grey) {
    return kernels.features().detect(grey, 300);
  }

  /** One point each, whose descriptor has the given number of low bits set. */
  private static Features withBits(int... bits) {
    long[] words = new long[Features.WORDS * bits.length];
    for (int i = 0; i < bits.length; i++) {
      for (int b = 0; b < bits[i]; b++) {
        words[Features.WORDS * i + b / 64] |= 1L << (b % 64);
      }
    }
    int n = bits.length;
    return new Features(new float[2 * n], new int[n], new float[n], words);
  }

  @Test
  void pointsOfAShiftedPictureAreFoundAgainWithoutAGuess() {
    Features before = detect(shifted(0, 0));
    Features after = detect(shifted(37, -21));

    int[] pairs = kernels.features().match(before, after, 64, 0.8);

    int right = 0;
    for (int k = 0; k < pairs.length; k += 2) {
      double du = after.uv()[2 * pairs[k + 1]] - before.uv()[2 * pairs[k]];
      double dv = after.uv()[2 * pairs[k + 1] + 1] - before.uv()[2 * pairs[k] + 1];
      right += Math.hypot(du - 37, dv + 21) < 2 ? 1 : 0;
    }
    assertThat(pairs.length / 2).isGreaterThan(45);
    assertThat(right).isGreaterThan((int) (0.85 * pairs.length / 2));
  }

  @Test
  void anotherTextureIsNotTakenForThisOne() {
    Features here = detect(shifted(0, 0));
    Features elsewhere = detect(new SmoothTexture(6).shifted(kernels, scope, SHAPE, 0, 0));

    int[] pairs = kernels.features().match(here, elsewhere, 64, 0.8);

    assertThat(pairs.length / 2).isLessThan(here.count() / 20);
  }

  @Test
  void theSamePictureGivesTheSameFeaturesToTheBitWhateverCameBefore() {
    Features first = detect(shifted(0, 0));
    detect(shifted(11, 3));
    kernels.features().detect(shifted(0, 0), 50);

    assertThat(detect(shifted(0, 0))).isEqualTo(first);
    try (CpuKernels other = new CpuKernels(2);
        BufferScope otherScope = other.openScope()) {
      DeviceBuffer grey = texture.shifted(other, otherScope, SHAPE, 0, 0);
      assertThat(other.features().detect(grey, 300)).isEqualTo(first);
    }
  }

  @Test
  void aCornerFullOfTextureDoesNotTakeAllPoints() {
    byte[] strong = new byte[SHAPE.pixels()];
    byte[] weak = new byte[SHAPE.pixels()];
    kernels.download(shifted(0, 0), strong);
    for (int i = 0; i < strong.length; i++) {
      int level = strong[i] & 0xff;
      boolean inCorner = i % SHAPE.width() < 110 && i / SHAPE.width() < 110;
      weak[i] = (byte) (inCorner ? level : 128 + (level - 128) / 3);
    }
    DeviceBuffer grey = scope.u8(SHAPE);
    kernels.upload(weak, grey);

    Features features = kernels.features().detect(grey, 100);

    int inCorner = 0;
    for (int i = 0; i < features.count(); i++) {
      inCorner += features.uv()[2 * i] < 110 && features.uv()[2 * i + 1] < 110 ? 1 : 0;
    }
    assertThat(features.count()).isEqualTo(100);
    assertThat(inCorner).as("a sixth of the picture").isLessThan(40);
  }

  @Test
  void aFlatPictureHasNoFeaturesAndNothingMatchesNothing() {
    DeviceBuffer flat = scope.u8(SHAPE);
    byte[] grey = new byte[SHAPE.pixels()];
    Arrays.fill(grey, (byte) 90);
    kernels.upload(grey, flat);

    assertThat(detect(flat).count()).isZero();
    assertThat(kernels.features().detect(shifted(0, 0), 0).count()).isZero();
    assertThat(kernels.features().match(Features.none(), withBits(3), 64, 0.8)).isEmpty();
    assertThat(kernels.features().match(withBits(3), Features.none(), 64, 0.8)).isEmpty();
  }

  @Test
  void distanceCountsDifferingBits() {
    assertThat(withBits(70).distance(0, withBits(0, 100), 1)).isEqualTo(30);
  }

  @Test
  void aPairIsKeptOnlyIfNearMutualAndClear() {
    // Point 0 is 2 bits from point 0 there and 30 from the next.
    assertThat(kernels.features().match(withBits(10), withBits(12, 40), 64, 0.8))
        .containsExactly(0, 0);
    assertThat(kernels.features().match(withBits(10), withBits(12, 40), 1, 0.8))
        .as("too far")
        .isEmpty();
    assertThat(kernels.features().match(withBits(20), withBits(40, 5), 64, 0.8))
        .as("20 bits against 15: 0.75 of the second, clear enough")
        .containsExactly(0, 1);
    assertThat(kernels.features().match(withBits(20), withBits(40, 5), 64, 0.7))
        .as("not clear enough")
        .isEmpty();
    assertThat(kernels.features().match(withBits(10, 11), withBits(12), 64, 1))
        .as("only the nearer of two that want the same")
        .containsExactly(1, 0);
  }

  @Test
  void arraysThatDoNotBelongTogetherAreRefused() {
    assertThatThrownBy(() -> new Features(new float[2], new int[1], new float[1], new long[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[3] descriptor words");
  }
}
