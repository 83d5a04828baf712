package dev.parallax.sim.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.geometry.Se3;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TwoViewsTest {
  @Test
  void twoRaysMeetWhereThePointIs() {
    Se3 right = Se3.ofTranslation(1, 0, 0);
    // The point (0.5, 0.25, 2): half to the right of the first camera, half to the left of the
    // second.
    double[] point = TwoViews.triangulate(Se3.identity(), 0.25, 0.125, right, -0.25, 0.125, 0.01);

    assertThat(point).containsExactly(new double[] {0.5, 0.25, 2}, within(1e-12));
  }

  @Test
  void raysThatArePoorlySpreadOrMeetBehindGiveNothing() {
    Se3 right = Se3.ofTranslation(1, 0, 0);
    assertThat(TwoViews.triangulate(Se3.identity(), 0, 0, right, -0.005, 0, 0.01))
        .as("0.3 degrees, less than the sine asks")
        .isNull();
    assertThat(TwoViews.triangulate(Se3.identity(), -0.25, 0, right, 0.25, 0, 0.01)).isNull();
  }

  @Test
  void fivePointsFindTheMotionAmongWrongMatches() {
    Random random = new Random(1);
    Se3 T_b_a = Se3.exp(new double[] {-0.6, 0, 0.8, 0.02, -0.05, 0.01});
    double[] a = new double[400];
    double[] b = new double[400];
    for (int i = 0; i < 200; i++) {
      double z = 4 + 6 * random.nextDouble();
      double x = z * (random.nextDouble() - 0.5);
      double y = z * (random.nextDouble() - 0.5);
      double[] q = T_b_a.transform(x, y, z);
      boolean wrong = i < 40;
      a[2 * i] = x / z;
      a[2 * i + 1] = y / z;
      b[2 * i] = wrong ? random.nextDouble() - 0.5 : q[0] / q[2];
      b[2 * i + 1] = wrong ? random.nextDouble() - 0.5 : q[1] / q[2];
    }

    TwoViews.RelativePose found = TwoViews.relativePose(a, b, 1e-3).orElseThrow();

    Se3 error = found.T_b_a().times(T_b_a.inverse());
    assertThat(error.angleRad()).isLessThan(1e-3);
    double length = T_b_a.distance();
    for (int k = 0; k < 3; k++) {
      assertThat(found.T_b_a().translation()[k])
          .isCloseTo(T_b_a.translation()[k] / length, within(2e-3));
    }
    assertThat(found.inliers()).isBetween(155, 175);
  }
}
