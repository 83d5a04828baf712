package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.RigidAlignment;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.Optional;

/**
 * The camera's motion from the scene flow of the points, in closed form and without a guess: points
 * lifted by the depth carried so far, matched by flow, and the rigid motion that explains most of
 * them (Smith et al. 2023). How far a matched point is along its new ray is not measured; it is
 * taken from the motion found so far, and motion and depth follow from each other in a few rounds
 * (Lu, Hager and Mjolsness 2000, whose closed form of the translation is used).
 *
 * <p>Weights: inverse squared distance, since a pixel spans more farther off; less for points whose
 * flow Lucas-Kanade did not confirm and for depths that are hardly known; Geman-McClure on what is
 * left, its width following the median. Texture counts through the choice of the points.
 */
final class SceneFlowFit {
  private static final int MAX_SAMPLES = 400;
  private static final int MIN_SAMPLES = 12;
  private static final int ROUNDS = 10;
  private static final double KERNEL_WIDTH = 3;
  private static final double MIN_NOISE_PX = 0.5;

  /** A relative depth variance that halves a point's weight. */
  private static final double HALF_WEIGHT_VARIANCE = 0.04;

  private final PinholeCamera camera;
  private final double[] p = new double[3 * MAX_SAMPLES];
  private final double[] q = new double[3 * MAX_SAMPLES];
  private final double[] ray = new double[3 * MAX_SAMPLES];
  private final double[] prior = new double[MAX_SAMPLES];
  private final double[] weight = new double[MAX_SAMPLES];
  private final double[] residualPx = new double[MAX_SAMPLES];
  private int count;

  SceneFlowFit(PinholeCamera camera) {
    this.camera = camera;
  }

  /**
   * @param T_cam_prev motion from the previous camera to this one
   * @param conditioning how well the points fix the rotation, 0..2, see {@link RigidAlignment}; 0
   *     where points on a line, or one, would be all there is
   */
  record Motion(Se3 T_cam_prev, double conditioning) {}

  /**
   * @param misses for each point, in how many pictures in a row it went unconfirmed
   * @param T_prev_odom pose that belongs to the points' anchors
   * @return empty with too few points
   */
  Optional<Motion> fit(PointTracks points, byte[] misses, KeyframeWindow window, Se3 T_prev_odom) {
    lift(points, misses, window, T_prev_odom);
    if (count < MIN_SAMPLES) {
      return Optional.empty();
    }
    Se3 motion = Se3.identity();
    double conditioning = 0;
    for (int round = 0; round < ROUNDS; round++) {
      placeAlongRays(motion);
      weigh();
      Optional<RigidAlignment.Fit> fit = RigidAlignment.rigid(p, q, weight);
      if (fit.isEmpty()) {
        return Optional.empty();
      }
      conditioning = fit.get().conditioning();
      motion = withBestTranslation(fit.get().T_q_p());
    }
    return motion.isFinite() ? Optional.of(new Motion(motion, conditioning)) : Optional.empty();
  }

  /** Points in the previous camera and the rays on which they are seen now. */
  private void lift(PointTracks points, byte[] misses, KeyframeWindow window, Se3 T_prev_odom) {
    Se3[] T_prev_host = new Se3[PointTracks.SLOTS];
    for (Keyframe keyframe : window.keyframes()) {
      T_prev_host[keyframe.slot()] = T_prev_odom.times(keyframe.T_cam_odom().inverse());
    }
    count = 0;
    Arrays.fill(weight, 0);
    int step = (points.count + MAX_SAMPLES - 1) / MAX_SAMPLES;
    for (int i = 0; i < points.count; i += step) {
      double z = 1 / points.rho[i];
      double[] at =
          T_prev_host[points.host[i]].transform(points.hostX[i] * z, points.hostY[i] * z, z);
      if (!(at[2] > 0)) {
        continue;
      }
      System.arraycopy(at, 0, p, 3 * count, 3);
      double x = (points.uv[2 * i] - camera.cx()) / camera.fx();
      double y = (points.uv[2 * i + 1] - camera.cy()) / camera.fy();
      double norm = Math.sqrt(x * x + y * y + 1);
      ray[3 * count] = x / norm;
      ray[3 * count + 1] = y / norm;
      ray[3 * count + 2] = 1 / norm;
      double relativeVariance = points.variance[i] * z * z;
      prior[count] =
          1 / (at[2] * at[2] * (1 + misses[i]) * (1 + relativeVariance / HALF_WEIGHT_VARIANCE));
      count++;
    }
  }

  /** Where each point would be on the ray it is seen on: the nearest to where the motion has it. */
  private void placeAlongRays(Se3 motion) {
    for (int i = 0; i < count; i++) {
      double[] moved = motion.transform(p[3 * i], p[3 * i + 1], p[3 * i + 2]);
      double along = moved[0] * ray[3 * i] + moved[1] * ray[3 * i + 1] + moved[2] * ray[3 * i + 2];
      double squared = 0;
      for (int k = 0; k < 3; k++) {
        q[3 * i + k] = along * ray[3 * i + k];
        double off = moved[k] - q[3 * i + k];
        squared += off * off;
      }
      residualPx[i] =
          along > 0 ? camera.fx() * Math.sqrt(squared) / along : Double.POSITIVE_INFINITY;
    }
  }

  private void weigh() {
    double[] sorted = Arrays.copyOf(residualPx, count);
    Arrays.sort(sorted);
    double noise = Math.max(MIN_NOISE_PX, sorted[count / 2] / 1.1774); // median of a Rayleigh
    for (int i = 0; i < count; i++) {
      double r = residualPx[i] / (KERNEL_WIDTH * noise);
      double kernel = 1 + r * r;
      weight[i] = prior[i] / (kernel * kernel);
    }
  }

  /**
   * The translation that leaves the least distance to the rays: {@code (sum w (I - V)) t = -sum w
   * (I - V) R p} with V the projection on a ray.
   */
  private Se3 withBestTranslation(Se3 motion) {
    double[] a = new double[9];
    double[] b = new double[3];
    Se3 turn = Se3.of(motion.rotation(), new double[3]);
    for (int i = 0; i < count; i++) {
      double[] turned = turn.transform(p[3 * i], p[3 * i + 1], p[3 * i + 2]);
      for (int r = 0; r < 3; r++) {
        for (int c = 0; c < 3; c++) {
          double off = weight[i] * ((r == c ? 1 : 0) - ray[3 * i + r] * ray[3 * i + c]);
          a[3 * r + c] += off;
          b[r] -= off * turned[c];
        }
      }
    }
    double[] t = new double[3];
    boolean solved = new SymmetricSolver(3).solve(a, b, 0, t);
    return solved ? Se3.of(motion.rotation(), t) : motion;
  }
}
