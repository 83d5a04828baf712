package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;

/**
 * How far a pose may be off in odom: what every keyframe since the start added, and what the
 * present picture adds to the last. Seven variables: the pose (translation, rotation; left
 * perturbation in odom, so that independent steps simply add) and the logarithm of the unit of
 * length, which wanders and turns each step it is used for into an error along the way. Agent
 * thread only.
 */
final class PoseUncertainty {
  private static final int N = 7;
  private static final int SCALE = 6;

  /** Covariance as of the last keyframe, row-major. */
  private final double[] joint = new double[N * N];

  private double[] keyframe_odom = new double[3];

  /**
   * Begins anew, the unit of length right by definition.
   *
   * @param covariance {@code [6 6]} of the pose in odom
   */
  void start(Se3 T_odom_cam, double[] covariance) {
    Arrays.fill(joint, 0);
    for (int r = 0; r < 6; r++) {
      System.arraycopy(covariance, 6 * r, joint, N * r, 6);
    }
    keyframe_odom = T_odom_cam.translation();
  }

  /**
   * @param step {@code [6 6]} what this picture adds since the last keyframe, in odom
   * @return {@code [6 6]} of the pose in odom
   */
  double[] at(Se3 T_odom_cam, double[] step) {
    double[] moved = moved(T_odom_cam);
    double[] result = new double[36];
    for (int r = 0; r < 6; r++) {
      for (int c = 0; c < 6; c++) {
        result[6 * r + c] = moved[N * r + c] + step[6 * r + c];
      }
    }
    return result;
  }

  /**
   * A keyframe was made: later steps build on this one.
   *
   * @param logScaleStd how far the unit of length may have changed since the last one
   */
  void addKeyframe(Se3 T_odom_cam, double[] step, double logScaleStd) {
    double[] moved = moved(T_odom_cam);
    System.arraycopy(moved, 0, joint, 0, joint.length);
    for (int r = 0; r < 6; r++) {
      for (int c = 0; c < 6; c++) {
        joint[N * r + c] += step[6 * r + c];
      }
    }
    joint[N * SCALE + SCALE] += logScaleStd * logScaleStd;
    keyframe_odom = T_odom_cam.translation();
  }

  /** The joint covariance once the camera has gone on from the last keyframe: {@code F P F'}. */
  private double[] moved(Se3 T_odom_cam) {
    double[] way = T_odom_cam.translation();
    double[] p = joint.clone();
    for (int k = 0; k < 3; k++) {
      way[k] -= keyframe_odom[k];
    }
    for (int r = 0; r < 3; r++) {
      for (int c = 0; c < N; c++) {
        p[N * r + c] += way[r] * joint[N * SCALE + c];
      }
    }
    for (int r = 0; r < N; r++) {
      for (int c = 0; c < 3; c++) {
        p[N * r + c] += way[c] * p[N * r + SCALE];
      }
    }
    return p;
  }

  /**
   * The unit of length was measured and corrected. The way so far stays as it is, so its own
   * variance does too (a consider filter, Schmidt 1966).
   *
   * @param logStd what the logarithm of the unit may still be off by
   */
  void knowUnit(double logStd) {
    double before = joint[N * SCALE + SCALE];
    double after = logStd * logStd;
    if (!(after < before)) {
      return;
    }
    for (int r = 0; r < SCALE; r++) {
      joint[N * r + SCALE] *= after / before;
      joint[N * SCALE + r] = joint[N * r + SCALE];
    }
    joint[N * SCALE + SCALE] = after;
  }

  /** Of the logarithm of the unit of length. */
  double unitVariance() {
    return joint[N * SCALE + SCALE];
  }

  /** Another unit of length, lengths multiplied as seen from a point of odom that stays. */
  void rescale(double factor, double[] fixed_odom) {
    double[] pose = PoseCovariance.rescaled(poseBlock(), factor, fixed_odom);
    for (int r = 0; r < 6; r++) {
      System.arraycopy(pose, 6 * r, joint, N * r, 6);
      joint[N * r + SCALE] *= r < 3 ? factor : 1;
      joint[N * SCALE + r] = joint[N * r + SCALE];
    }
    for (int k = 0; k < 3; k++) {
      keyframe_odom[k] = fixed_odom[k] + factor * (keyframe_odom[k] - fixed_odom[k]);
    }
  }

  private double[] poseBlock() {
    double[] pose = new double[36];
    for (int r = 0; r < 6; r++) {
      System.arraycopy(joint, N * r, pose, 6 * r, 6);
    }
    return pose;
  }
}
