package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.Covariance6;
import dev.parallax.perception.geometry.Se3;
import org.jspecify.annotations.Nullable;

/**
 * How far the camera's motion from one picture to the next may be off: what both places are off by
 * from the last keyframe's. That is all of it, since what led to the keyframe moves both alike.
 * Agent thread only.
 */
final class StepUncertainty {
  /**
   * {@code [6 6]} of the present picture, left perturbation of T_cam_odom; null: no step before.
   */
  private double @Nullable [] present;

  private double @Nullable [] latest;

  /**
   * {@code [6 6]} of the motion to the present picture from the one before, (translation, rotation)
   * along the axes of the camera at present; null if there is none that was seen. Not to be
   * changed.
   */
  double @Nullable [] latest() {
    return latest;
  }

  /** The present picture is the keyframe that those to come are held against. */
  void atKeyframe() {
    present = new double[36];
  }

  /** How the camera came to the next picture is not seen. */
  void forget() {
    present = null;
    latest = null;
  }

  /**
   * The next picture was held against the last keyframe.
   *
   * @param local {@code [6 6]} left perturbation of T_cam_odom
   * @param T_cur_prev motion from the picture before
   * @param unitVariance of the logarithm of the unit of length
   */
  void next(double[] local, Se3 T_cur_prev, double unitVariance) {
    double[] before = present;
    present = local;
    latest = null;
    if (before != null) {
      double[] sum = Covariance6.seenThrough(T_cur_prev, before);
      for (int k = 0; k < 36; k++) {
        sum[k] += local[k];
      }
      latest = PoseCovariance.withScaleStd(sum, T_cur_prev, Math.sqrt(unitVariance));
    }
  }

  /**
   * The camera is held where it was.
   *
   * @param local {@code [6 6]} what it may have moved unnoticed
   */
  void held(double[] local) {
    latest = local;
  }

  /** Another unit of length. */
  void rescale(double factor) {
    present = PoseCovariance.motionRescaled(present, factor);
    latest = PoseCovariance.motionRescaled(latest, factor);
  }
}
