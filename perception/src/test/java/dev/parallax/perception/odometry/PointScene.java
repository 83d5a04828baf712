package dev.parallax.perception.odometry;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Random;

/** Points 2 to 8 m in front of a host keyframe at the origin, and what another camera sees. */
final class PointScene {
  static final PinholeCamera CAMERA = new PinholeCamera(640, 480, 500, 500, 319.5, 239.5);

  /** A step aside and forward with a small turn: maps odom to the camera that is looked for. */
  static final Se3 MOVED = Se3.exp(new double[] {-0.3, 0.05, -0.2, 0.02, -0.04, 0.01});

  final Random random;
  final PointTracks points;
  final KeyframeWindow window = new KeyframeWindow();
  final double[] trueRho;

  PointScene(long seed, int count) {
    random = new Random(seed);
    points = new PointTracks(count);
    trueRho = new double[count];
    window.add(new Keyframe(0, new Timestamp(1), Se3.identity(), new double[6]));
    for (int i = 0; i < count; i++) {
      float u = 20 + 600 * random.nextFloat();
      float v = 20 + 440 * random.nextFloat();
      trueRho[i] = 1 / (2 + 6 * random.nextDouble());
      double x = (u - CAMERA.cx()) / CAMERA.fx();
      double y = (v - CAMERA.cy()) / CAMERA.fy();
      points.add(0, u, v, x, y, trueRho[i], square(0.1 * trueRho[i]));
    }
  }

  /** Puts the points where a camera sees them, with noise on each coordinate. */
  PointScene seenFrom(Se3 T_cam_odom, double noisePx) {
    for (int i = 0; i < points.count; i++) {
      double[] uv = pixel(T_cam_odom, i);
      points.uv[2 * i] = (float) (uv[0] + noisePx * random.nextGaussian());
      points.uv[2 * i + 1] = (float) (uv[1] + noisePx * random.nextGaussian());
    }
    return this;
  }

  /** Where a camera sees a point. */
  double[] pixel(Se3 T_cam_odom, int i) {
    Se3 T_odom_host =
        window.keyframes().stream()
            .filter(k -> k.slot() == points.host[i])
            .findFirst()
            .orElseThrow()
            .T_cam_odom()
            .inverse();
    double z = 1 / trueRho[i];
    double[] odom = T_odom_host.transform(points.hostX[i] * z, points.hostY[i] * z, z);
    double[] cam = T_cam_odom.transform(odom[0], odom[1], odom[2]);
    double[] uv = new double[2];
    if (!CAMERA.project(cam[0], cam[1], cam[2], uv)) {
      throw new IllegalStateException("Point %d lies behind the camera".formatted(i));
    }
    return uv;
  }

  /**
   * Where a camera that reads its rows one after another sees a point of a host that stood still.
   *
   * @param twist {@code [6]} of the camera a second
   */
  double[] rolledPixel(Se3 T_cam_odom, int i, double[] twist, double readoutS) {
    double[] uv = pixel(T_cam_odom, i);
    for (int iteration = 0; iteration < 10; iteration++) {
      double s = readoutS * ((uv[1] + 0.5) / CAMERA.height() - 0.5);
      double[] moved = twist.clone();
      for (int k = 0; k < 6; k++) {
        moved[k] *= s;
      }
      uv = pixel(Se3.exp(moved).times(T_cam_odom), i);
    }
    return uv;
  }

  /** Believes depths that are off by a relative error of the given spread, and knows the spread. */
  PointScene withDepthError(double relativeStd) {
    for (int i = 0; i < points.count; i++) {
      double rho = trueRho[i] * (1 + relativeStd * random.nextGaussian());
      points.rho[i] = Math.max(rho, 0.05 * trueRho[i]);
      points.variance[i] = square(relativeStd * trueRho[i]);
    }
    return this;
  }

  static double distance(Se3 a, Se3 b) {
    return a.times(b.inverse()).distance();
  }

  static double angleRad(Se3 a, Se3 b) {
    return a.times(b.inverse()).angleRad();
  }

  private static double square(double x) {
    return x * x;
  }
}
