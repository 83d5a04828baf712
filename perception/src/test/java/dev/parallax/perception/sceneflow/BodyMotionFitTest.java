package dev.parallax.perception.sceneflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BodyMotionFitTest {
  private static final double FOCAL_PX = 400;
  private static final double[] TAU = {0.02, -0.005, 0.015};

  private final Random random = new Random(3);
  private final BodyMotionFit fit = new BodyMotionFit(FOCAL_PX);

  /** Points of a body of some width, a share of them moving by themselves. */
  private void points(int count, double halfWidth, double noisePx, double strayShare) {
    fit.begin(count, 1);
    for (int i = 0; i < count; i++) {
      double x = 0.2 + halfWidth * (2 * random.nextDouble() - 1);
      double y = 2 * halfWidth * (2 * random.nextDouble() - 1);
      double stray = random.nextDouble() < strayShare ? 8 / FOCAL_PX : 0;
      double noise = noisePx / FOCAL_PX;
      fit.add(
          x,
          y,
          (x - TAU[0]) / (1 - TAU[2]) + noise * random.nextGaussian() + stray,
          (y - TAU[1]) / (1 - TAU[2]) + noise * random.nextGaussian());
    }
  }

  @Test
  void theMotionIsThatOfTheTrunkThoughAQuarterSwings() {
    points(400, 0.15, 0.3, 0.25);

    assertThat(fit.solve(0)).isTrue();
    for (int k = 0; k < 3; k++) {
      assertThat(fit.tau[k]).isCloseTo(TAU[k], within(0.002));
    }
  }

  @Test
  void theErrorIsWithinWhatIsPromised() {
    points(400, 0.15, 0.5, 0);

    fit.solve(0);
    for (int k = 0; k < 3; k++) {
      double std = Math.sqrt(fit.covariance.get(k, k));
      assertThat(Math.abs(fit.tau[k] - TAU[k])).isLessThan(3 * std);
    }
  }

  @Test
  void aSmallBodyTellsLittleAlongTheView() {
    points(400, 0.15, 0.5, 0);
    fit.solve(0);
    double wide = fit.covariance.get(2, 2);
    points(400, 0.03, 0.5, 0);
    fit.solve(0);

    assertThat(fit.covariance.get(2, 2)).isGreaterThan(10 * wide);
  }

  @Test
  void twoPointsTellNothing() {
    points(2, 0.1, 0, 0);

    assertThat(fit.solve(0)).isFalse();
  }
}
