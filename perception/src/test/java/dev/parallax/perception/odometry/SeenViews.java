package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What a camera of a known lens sees of points, for tests of what the pictures tell of it. */
final class SeenViews {
  static final int WIDTH = 320;
  static final int HEIGHT = 240;

  private static final int VIEWS = 7;
  private static final int POINTS = 250;
  private static final double NOISE_PX = 0.2;

  private SeenViews() {}

  static PinholeCamera camera(double focal) {
    return new PinholeCamera(WIDTH, HEIGHT, focal, focal, (WIDTH - 1) / 2.0, (HEIGHT - 1) / 2.0);
  }

  /** Points 2 to 8 away, seen from cameras that go their way; poses and depths known roughly. */
  static FocalViews of(double focal, double k1, double assumed, Random random, double turnRad) {
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
        double a = q[0] / q[2];
        double b = q[1] / q[2];
        double gain = 1 + k1 * (a * a + b * b);
        uv[k][2 * i] = (float) (focal * a * gain + real.cx() + NOISE_PX * random.nextGaussian());
        uv[k][2 * i + 1] =
            (float) (focal * b * gain + real.cy() + NOISE_PX * random.nextGaussian());
      }
    }
    return new FocalViews(camera(assumed), truth, new int[POINTS], rho, uv);
  }
}
