package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.Covariance6;
import dev.parallax.perception.geometry.Se3;
import org.jspecify.annotations.Nullable;

/** Moves pose covariances between frames. */
final class PoseCovariance {
  /** A pose that is right by definition; not zero, so that it can be inverted. */
  private static final double EXACT_VARIANCE = 1e-12;

  private PoseCovariance() {}

  /** {@code [6 6]} of a pose that odom is defined by. */
  static double[] exact() {
    double[] covariance = new double[36];
    for (int k = 0; k < 6; k++) {
      covariance[7 * k] = EXACT_VARIANCE;
    }
    return covariance;
  }

  /**
   * From a left perturbation of T_cam_odom to one of T_odom_cam: the adjoint of T_odom_cam on both
   * sides (signs cancel).
   *
   * @param local {@code [6 6]} (translation, rotation)
   */
  static double[] toOdom(Se3 T_odom_cam, double[] local) {
    return Covariance6.seenThrough(T_odom_cam, local);
  }

  /**
   * What becomes of a covariance in odom when distances from a point of odom are multiplied: with
   * {@code t' = p + f (t - p)} a perturbation's translation becomes {@code f dt + (1 - f) [p]x dr}.
   *
   * @param covariance {@code [6 6]} (translation, rotation), left perturbation in odom
   * @param fixed_odom {@code [3]} the point p that stays
   */
  static double[] rescaled(double[] covariance, double factor, double[] fixed_odom) {
    return Covariance6.congruent(rescaling(factor, fixed_odom), covariance);
  }

  /** The same of a motion along its own axes; null of null. */
  static double @Nullable [] motionRescaled(double @Nullable [] covariance, double factor) {
    return covariance == null ? null : rescaled(covariance, factor, new double[3]);
  }

  /** {@code [6 6]} what takes a perturbation to that after {@link #rescaled}. */
  static double[] rescaling(double factor, double[] fixed_odom) {
    double[] j = new double[36];
    double[] x = Covariance6.cross(fixed_odom[0], fixed_odom[1], fixed_odom[2]);
    for (int r = 0; r < 3; r++) {
      j[7 * r] = factor;
      j[7 * (r + 3)] = 1;
      for (int c = 0; c < 3; c++) {
        j[6 * r + c + 3] = (1 - factor) * x[3 * r + c];
      }
    }
    return j;
  }

  /** {@code [6]} a matrix {@code [6 6]} times a vector. */
  static double[] times(double[] matrix, double[] vector) {
    double[] result = new double[6];
    for (int r = 0; r < 6; r++) {
      for (int k = 0; k < 6; k++) {
        result[r] += matrix[6 * r + k] * vector[k];
      }
    }
    return result;
  }

  /** Doubt of the unit of length stretches the way from the origin of the pose's frame. */
  static double[] withScaleStd(double[] covariance, Se3 pose, double scaleStd) {
    double[] result = covariance.clone();
    double[] t = pose.translation();
    for (int r = 0; r < 3; r++) {
      for (int c = 0; c < 3; c++) {
        result[6 * r + c] += scaleStd * scaleStd * t[r] * t[c];
      }
    }
    return result;
  }

  /**
   * One standard deviation of the distance to a point that stands fast: a perturbation (v, w) moves
   * the camera's centre c by {@code v + w x c}.
   *
   * @param covariance {@code [6 6]} (translation, rotation), left perturbation in odom
   */
  static double distanceStd(double[] covariance, Se3 T_odom_cam, double[] point_odom) {
    double[] c = T_odom_cam.translation();
    double x = c[0] - point_odom[0];
    double y = c[1] - point_odom[1];
    double z = c[2] - point_odom[2];
    double length = Math.sqrt(x * x + y * y + z * z);
    double[] j = {
      x, y, z, c[1] * z - c[2] * y, c[2] * x - c[0] * z, c[0] * y - c[1] * x,
    };
    double sum = 0;
    for (int r = 0; r < 6; r++) {
      for (int k = 0; k < 6; k++) {
        sum += j[r] * covariance[6 * r + k] * j[k];
      }
    }
    return Math.sqrt(Math.max(0, sum)) / length;
  }
}
