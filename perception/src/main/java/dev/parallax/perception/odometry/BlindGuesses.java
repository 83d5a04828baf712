package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.RigidAlignment;
import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.List;

/**
 * Where to begin while nothing is known of depth: as if the camera had gone any of fourteen ways
 * (along each axis and each diagonal), as far as the parallax asks for, and turned so that what
 * lies at a typical depth is seen where it is.
 *
 * <p>A narrow view takes a step aside for a turn, and near for far: the step turned round, with
 * what is near and far exchanged and the turn made up for, explains the picture nearly as well. A
 * search ends on the side it begins on, so that every side has to be tried. Agent thread only.
 */
final class BlindGuesses {
  private static final int MAX_SAMPLES = 200;
  private static final double MIN_STEP = 0.005;

  private static final double[][] DIRECTIONS = directions();

  private final PinholeCamera camera;

  BlindGuesses(PinholeCamera camera) {
    this.camera = camera;
  }

  private static double[][] directions() {
    List<double[]> all = new ArrayList<>();
    for (int x = -1; x <= 1; x++) {
      for (int y = -1; y <= 1; y++) {
        for (int z = -1; z <= 1; z++) {
          int axes = Math.abs(x) + Math.abs(y) + Math.abs(z);
          if (axes == 1 || axes == 3) {
            double norm = Math.sqrt(axes);
            all.add(new double[] {x / norm, y / norm, z / norm});
          }
        }
      }
    }
    return all.toArray(double[][]::new);
  }

  /**
   * @param keyframe the last one, which saw all points
   * @param typicalDepth of the points, in the unit of odom
   * @return poses T_cam_odom; none with too few points
   */
  List<Se3> poses(PointTracks points, Keyframe keyframe, double typicalDepth) {
    int stride = Math.max(1, points.count / MAX_SAMPLES);
    double[] seen = rays(points.seen[keyframe.slot()], points.count, stride);
    double[] now = rays(points.uv, points.count, stride);
    List<Se3> poses = new ArrayList<>();
    Se3 turn = turn(seen, now, new double[3]);
    double step = Math.max(MIN_STEP, medianParallax(turn, seen, now));
    for (double[] direction : DIRECTIONS) {
      double[] t = {step * direction[0], step * direction[1], step * direction[2]};
      // R (X + t): first the step, then the turn.
      Se3 T_cam_key =
          turn(seen, now, t)
              .times(Se3.ofTranslation(t[0], t[1], t[2]).scaledTranslation(typicalDepth));
      if (T_cam_key.isFinite()) {
        poses.add(T_cam_key.times(keyframe.T_cam_odom()));
      }
    }
    return poses;
  }

  private double[] rays(float[] uv, int count, int stride) {
    double[] rays = new double[3 * ((count + stride - 1) / stride)];
    for (int i = 0, n = 0; i < count; i += stride, n++) {
      rays[3 * n] = (uv[2 * i] - camera.cx()) / camera.fx();
      rays[3 * n + 1] = (uv[2 * i + 1] - camera.cy()) / camera.fy();
      rays[3 * n + 2] = 1;
    }
    return rays;
  }

  /**
   * The rotation that takes points at depth 1, seen after a step, onto the rays they are seen on
   * now. Each direction counts with its opposite, which leaves no translation to be fitted.
   */
  private static Se3 turn(double[] seen, double[] now, double[] step) {
    int n = seen.length / 3;
    double[] p = new double[6 * n];
    double[] q = new double[6 * n];
    for (int i = 0; i < n; i++) {
      double[] moved = {
        seen[3 * i] + step[0], seen[3 * i + 1] + step[1], seen[3 * i + 2] + step[2]
      };
      double[] ray = {now[3 * i], now[3 * i + 1], now[3 * i + 2]};
      double movedNorm = norm(moved);
      double rayNorm = norm(ray);
      for (int k = 0; k < 3; k++) {
        p[6 * i + k] = moved[k] / movedNorm;
        p[6 * i + 3 + k] = -p[6 * i + k];
        q[6 * i + k] = ray[k] / rayNorm;
        q[6 * i + 3 + k] = -q[6 * i + k];
      }
    }
    return RigidAlignment.rigid(p, q, null)
        .map(fit -> Se3.of(fit.T_q_p().rotation(), new double[3]))
        .orElse(Se3.identity());
  }

  /** What a turn leaves over, as a slope. */
  private static double medianParallax(Se3 turn, double[] seen, double[] now) {
    int n = seen.length / 3;
    if (n == 0) {
      return 0;
    }
    double[] left = new double[n];
    for (int i = 0; i < n; i++) {
      double[] p = turn.transform(seen[3 * i], seen[3 * i + 1], seen[3 * i + 2]);
      left[i] = Math.hypot(p[0] / p[2] - now[3 * i], p[1] / p[2] - now[3 * i + 1]);
    }
    return OrderStatistic.median(left, n);
  }

  private static double norm(double[] v) {
    return Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  }
}
