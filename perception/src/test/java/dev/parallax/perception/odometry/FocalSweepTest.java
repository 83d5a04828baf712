package dev.parallax.perception.odometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FocalSweepTest {
  private static final int WIDTH = 320;
  private static final int HEIGHT = 240;
  private static final double SIDE = Math.sqrt((double) WIDTH * HEIGHT);
  private static final int VIEWS = 7;
  private static final int POINTS = 250;
  private static final double NOISE_PX = 0.2;

  private static PinholeCamera camera(double focal) {
    return new PinholeCamera(WIDTH, HEIGHT, focal, focal, (WIDTH - 1) / 2.0, (HEIGHT - 1) / 2.0);
  }

  /** Points 2 to 8 away, seen from cameras that go their way; poses and depths known roughly. */
  private static FocalViews views(double focal, double assumed, Random random, double turnRad) {
    List<Se3> truth = new ArrayList<>();
    for (int k = 0; k < VIEWS; k++) {
      double[] twist = {0.05 * k * random.nextDouble(), 0, 0.12 * k, 0, 0, 0};
      for (int a = 3; a < 6; a++) {
        twist[a] = turnRad * k * random.nextGaussian();
      }
      if (turnRad == 0) {
        twist[0] = 0; // straight ahead
      }
      truth.add(Se3.exp(twist));
    }
    PinholeCamera real = camera(focal);
    float[][] uv = new float[VIEWS][2 * POINTS];
    double[] rho = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      double u = WIDTH * (0.1 + 0.8 * random.nextDouble());
      double v = HEIGHT * (0.1 + 0.8 * random.nextDouble());
      double z = 2 + 6 * random.nextDouble();
      double[] p = {(u - real.cx()) / focal * z, (v - real.cy()) / focal * z, z};
      rho[i] = 1 / z * (1 + 0.1 * random.nextGaussian());
      for (int k = 0; k < VIEWS; k++) {
        double[] q = truth.get(k).transform(p[0], p[1], p[2]);
        uv[k][2 * i] = (float) (focal * q[0] / q[2] + real.cx() + NOISE_PX * random.nextGaussian());
        uv[k][2 * i + 1] =
            (float) (focal * q[1] / q[2] + real.cy() + NOISE_PX * random.nextGaussian());
      }
    }
    return new FocalViews(camera(assumed), truth, new int[POINTS], rho, uv);
  }

  @Test
  void aCameraThatTurnsAndMovesTellsItsFocalLengthWhateverWasAssumed() {
    for (double focal : new double[] {170, 262, 400}) {
      Random random = new Random(3);
      FocalSweep sweep = new FocalSweep();
      for (int w = 0; w < 3; w++) {
        sweep.add(views(focal, WIDTH, random, 0.02));
      }
      FocalSweep.Found found = sweep.found(SIDE).orElseThrow();
      assertThat(found.focalPx() / focal).as("of %s", focal).isCloseTo(1, within(0.03));
      assertThat(Math.abs(Math.log(found.focalPx() / focal)))
          .isLessThan(4 * found.relativeStd() + 0.003);
    }
  }

  @Test
  void aCameraThatGoesStraightAheadWithoutTurningTellsNothingAndItIsNotGuessed() {
    Random random = new Random(4);
    FocalSweep sweep = new FocalSweep();
    for (int w = 0; w < 6; w++) {
      sweep.add(views(262, WIDTH, random, 0));
    }
    assertThat(sweep.found(SIDE)).isEmpty();
    assertThat(sweep.best(SIDE).relativeStd()).isGreaterThan(0.1);
  }
}
