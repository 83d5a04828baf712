package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the covariance of the pose in odom from picture to picture: what every keyframe's step
 * added, and what the present picture adds to the last keyframe. Agent thread only.
 */
final class CovarianceKeeper {
  /** Squared: free depths take up one of the two components of the residuals' noise. */
  private static final double NOISE_UNDERREAD = 1 / (0.57 * 0.57);

  /** Keyframes see the same points, so that their errors add up instead of averaging out. */
  private static final double KEYFRAMES_THAT_ERR_ALIKE = 5;

  /** Depths err alike over a patch of the scene: so many points tell its scale as one does. */
  private static final double POINTS_THAT_ERR_ALIKE = 4;

  /** A step below the pictures' noise, as a share of the typical depth: a pixel or two. */
  private static final double HIDDEN_STEP = 0.004;

  private static final double TURN_STD_RAD = 0.001;

  /** Log of how much nearer or farther the view after a turn may be than the one before. */
  private static final double LOST_UNIT_LOG_STD = 0.6;

  private static final double UNKNOWN_VARIANCE = 1e6;

  private final SymmetricSolver solver = new SymmetricSolver(6);
  private final PoseUncertainty uncertainty = new PoseUncertainty();
  private double[] step = new double[36]; // what the last picture adds to the last keyframe
  private double[] last = PoseCovariance.exact();
  private final StepUncertainty motion = new StepUncertainty();

  /** {@code [6 6]} of the present pose, left perturbation in odom; not to be changed. */
  double[] last() {
    return last;
  }

  /** See {@link StepUncertainty#latest}. */
  double @Nullable [] ofMotion() {
    return motion.latest();
  }

  /**
   * One standard deviation of the distance to a point, as far as what the present picture adds to
   * the last keyframe leaves it open: keyframes are refined together and taken as they are.
   */
  double distanceStd(Se3 T_odom_cam, double[] point_odom) {
    return PoseCovariance.distanceStd(step, T_odom_cam, point_odom);
  }

  /**
   * Begins anew.
   *
   * @param covariance {@code [6 6]} of the pose, left perturbation in odom
   */
  void start(Se3 T_odom_cam, double[] covariance) {
    uncertainty.start(T_odom_cam, covariance);
    step = new double[36];
    last = covariance.clone();
    motion.forget();
  }

  /** The pose is taken to be that of the last keyframe again. */
  void backToKeyframe(Se3 T_odom_cam) {
    step = new double[36];
    last = uncertainty.at(T_odom_cam, step);
    motion.forget();
  }

  /** A window begins with the present picture. */
  void begin() {
    motion.atKeyframe();
  }

  /** The camera was found elsewhere than where it was looked for. */
  void jump() {
    motion.forget();
  }

  /**
   * The camera went and turned unseen, and its pose is taken to be what it was.
   *
   * @param wayStd along each axis, unit of odom
   * @param turnStdRad about each axis
   */
  void unseen(Se3 T_odom_cam, double wayStd, double turnStdRad) {
    double[] local = independent(wayStd, turnStdRad);
    uncertainty.addKeyframe(T_odom_cam, step, 0);
    relocated(T_odom_cam, local);
    uncertainty.addKeyframe(T_odom_cam, step, 0);
    step = new double[36];
    motion.forget();
  }

  /**
   * A pose was found.
   *
   * @param hessian {@code [6 6]} left perturbation of T_cam_odom
   * @param inlierShare share of the points that agree: the fewer, the larger the covariance
   * @param T_cur_prev motion from the picture before
   */
  void found(Se3 T_odom_cam, double[] hessian, double inlierShare, Se3 T_cur_prev) {
    double[] local = new double[36];
    if (!solver.invert(hessian, local)) {
      Arrays.fill(local, 0);
      for (int k = 0; k < 6; k++) {
        local[7 * k] = UNKNOWN_VARIANCE;
      }
    }
    double inflation = 1 / (inlierShare * inlierShare);
    // What the depths are off by moves the picture before alike, and so is not of the motion.
    motion.next(times(local, inflation), T_cur_prev, uncertainty.unitVariance());
    relocated(T_odom_cam, times(local, KEYFRAMES_THAT_ERR_ALIKE * NOISE_UNDERREAD * inflation));
  }

  private static double[] times(double[] covariance, double factor) {
    double[] result = covariance.clone();
    for (int k = 0; k < result.length; k++) {
      result[k] *= factor;
    }
    return result;
  }

  /**
   * A pose was found by other means.
   *
   * @param covariance_cam {@code [6 6]} left perturbation of T_cam_odom
   */
  void relocated(Se3 T_odom_cam, double[] covariance_cam) {
    step = PoseCovariance.toOdom(T_odom_cam, covariance_cam);
    last = uncertainty.at(T_odom_cam, step);
  }

  /**
   * A turn was found and nothing of the place: it is as it was, give or take what hides in noise.
   */
  void turned(Se3 T_odom_cam, double typicalDepth, Se3 T_cur_prev) {
    double[] local = independent(typicalDepth * HIDDEN_STEP, TURN_STD_RAD);
    motion.next(local, T_cur_prev, uncertainty.unitVariance());
    relocated(T_odom_cam, local);
  }

  /**
   * The camera is held where it was. What it may have moved is not added from picture to picture:
   * all of them are held against the same one.
   *
   * @param flowPerFocal what may have moved in the picture unnoticed, over the focal length
   */
  void rested(Se3 T_odom_cam, double typicalDepth, double flowPerFocal) {
    double[] local = independent(typicalDepth * flowPerFocal, flowPerFocal);
    motion.held(local);
    double[] hidden = PoseCovariance.toOdom(T_odom_cam, local);
    for (int k = 0; k < 36; k++) {
      hidden[k] += step[k];
    }
    last = uncertainty.at(T_odom_cam, hidden);
  }

  /** {@code [6 6]} along and about each axis alike. */
  private static double[] independent(double wayStd, double turnStdRad) {
    double[] covariance = new double[36];
    for (int k = 0; k < 3; k++) {
      covariance[7 * k] = wayStd * wayStd;
      covariance[7 * (k + 3)] = turnStdRad * turnStdRad;
    }
    return covariance;
  }

  /** Nothing hands the unit of length on but that depth is typically what it was before. */
  void loseUnit(Se3 T_odom_cam) {
    uncertainty.addKeyframe(T_odom_cam, step, LOST_UNIT_LOG_STD);
    step = new double[36];
  }

  /** The present picture became a keyframe, its pose refined. */
  void addKeyframe(Se3 T_odom_cam, PointTracks points) {
    uncertainty.addKeyframe(T_odom_cam, step, logScaleStd(points));
    step = new double[36];
    motion.atKeyframe();
  }

  /** What the points' depths leave open of the unit of length, from one keyframe to the next. */
  private static double logScaleStd(PointTracks points) {
    if (points.count == 0) {
      return 0;
    }
    double[] relative = new double[points.count];
    for (int i = 0; i < points.count; i++) {
      relative[i] = points.variance[i] / (points.rho[i] * points.rho[i]);
    }
    double median = OrderStatistic.median(relative, points.count);
    return Math.sqrt(median * POINTS_THAT_ERR_ALIKE / points.count);
  }

  /** The unit of length was measured, to so much of itself. */
  void knowUnit(double relativeStd) {
    uncertainty.knowUnit(relativeStd);
  }

  /** Another unit of length, lengths multiplied as seen from a point of odom that stays. */
  void rescale(double factor, double[] fixed_odom) {
    last = PoseCovariance.rescaled(last, factor, fixed_odom);
    step = PoseCovariance.rescaled(step, factor, fixed_odom);
    uncertainty.rescale(factor, fixed_odom);
    motion.rescale(factor);
  }
}
