package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.PinholeCamera;
import java.util.Optional;

/**
 * Holds a calibration against the pictures: in windows of a few keyframes poses, depths, focal
 * length and k1 are adjusted together ({@link LensAdjustment}), and the windows' answers are
 * averaged by their information. A lens is the same in all of them: the scatter of the answers
 * tells how far to believe them. One thread at a time.
 *
 * <p>Each window is begun twice, from the poses and depths that were found under the calibration
 * and without them: a lens that bends much has been taken for a motion past a bowed scene, out of
 * which no small step leads.
 */
public final class LensCheck {
  /** Residuals of neighbouring views and points err alike: so many count as one. */
  private static final double RESIDUALS_THAT_ERR_ALIKE = 16;

  /** What rolling rows, other coefficients and the principal point leave in each answer. */
  private static final double FLOOR_STD = 0.01;

  /** Standard deviations that chance does not reach, nor a lens that is nearly right. */
  private static final double TOLD_SIGMAS = 5;

  /** Of one of the two, the other free: fewer, and the other suffices to explain the pictures. */
  private static final double NEEDED_SIGMAS = 4;

  /** Of both together in the mean window: enough to doubt the poses, but not to accuse. */
  private static final double PLAIN_SIGMAS = 10;

  private static final int MIN_WINDOWS = 2;

  /** A focal length off by less bends depth and path less than other things do. */
  private static final double LEAST_LOG_FOCAL = 0.1;

  /**
   * Likewise distortion that moves the picture's corner by less, over its distance to the middle.
   */
  private static final double LEAST_CORNER_SHIFT = 0.05;

  private static final int MAX_ROUNDS = 6;
  private static final double SETTLED = 1e-3; // of the cost in a round

  private final double cornerSlope2;
  private final double[] information = new double[3]; // (0, 0), (0, 1), (1, 1)
  private final double[] pull = new double[2]; // information times answer
  private double chiSquareOfNone;
  private int windows;

  public LensCheck(PinholeCamera camera) {
    double x = Math.max(camera.cx(), camera.width() - camera.cx()) / camera.fx();
    double y = Math.max(camera.cy(), camera.height() - camera.cy()) / camera.fy();
    cornerSlope2 = x * x + y * y;
  }

  /** How many windows told something. */
  public int windows() {
    return windows;
  }

  /**
   * Adds a window; they should share few views.
   *
   * @return this
   */
  public LensCheck add(FocalViews views) {
    LensAdjustment near = new LensAdjustment(views, true);
    double nearCost = settled(near, near.fit(views.camera().fx()));
    LensAdjustment anew = new LensAdjustment(views, true);
    double anewCost = settled(anew, anew.fitAnew(views.camera().fx()));
    LensAdjustment best = anewCost < nearCost ? anew : near;
    double logFocal = Math.log(best.focalPx() / views.camera().fx());
    double unit = best.noiseVariance() * RESIDUALS_THAT_ERR_ALIKE;
    best.lensHessian().ifPresent(hessian -> add(logFocal, best.k1(), hessian, unit));
    return this;
  }

  private static double settled(LensAdjustment adjustment, double begun) {
    double before = begun;
    double cost = adjustment.goOn();
    for (int round = 1; round < MAX_ROUNDS && before - cost > SETTLED * cost; round++) {
      before = cost;
      cost = adjustment.goOn();
    }
    return cost;
  }

  /**
   * @param hessian {@code [2 2]}
   * @param unit of the Hessian
   */
  private void add(double logFocal, double k1, double[] hessian, double unit) {
    double determinant = hessian[0] * hessian[3] - hessian[1] * hessian[2];
    if (!(determinant > 0) || !(hessian[0] > 0) || !(unit > 0)) {
      return;
    }
    double floor = FLOOR_STD * FLOOR_STD;
    double focalVariance = unit * hessian[3] / determinant + floor;
    double k1Variance = unit * hessian[0] / determinant + floor;
    double covariance = -unit * hessian[1] / determinant;
    double floored = focalVariance * k1Variance - covariance * covariance;
    double ff = k1Variance / floored;
    double fk = -covariance / floored;
    double kk = focalVariance / floored;
    information[0] += ff;
    information[1] += fk;
    information[2] += kk;
    pull[0] += ff * logFocal + fk * k1;
    pull[1] += fk * logFocal + kk * k1;
    chiSquareOfNone += ff * logFocal * logFocal + 2 * fk * logFocal * k1 + kk * k1 * k1;
    windows++;
  }

  /** What the calibration is off by, where the pictures say so beyond doubt and it matters. */
  public Optional<LensError> found() {
    if (windows < MIN_WINDOWS) {
      return Optional.empty();
    }
    LensError both = best();
    LensError one = simplest();
    LensError told = needsBoth(both) ? both : one;
    return told.sigmas() > TOLD_SIGMAS && (isFocalOff(told) || isBent(told))
        ? Optional.of(told)
        : Optional.empty();
  }

  /**
   * What poses should be doubted by: {@link #found}, and where windows do not agree yet on how much
   * it is what they tell together, if they say plainly that it is not as given.
   */
  public Optional<LensError> doubted() {
    Optional<LensError> found = found();
    boolean isPlain = chiSquareOfNone > windows * PLAIN_SIGMAS * PLAIN_SIGMAS;
    if (found.isPresent() || windows == 0 || !isPlain) {
      return found;
    }
    LensError best = best();
    return isFocalOff(best) || isBent(best) ? Optional.of(best) : Optional.empty();
  }

  /** What was told so far, surely or not, neither of the two held; once there is a window. */
  LensError best() {
    double determinant = determinant();
    double logFocal = (information[2] * pull[0] - information[1] * pull[1]) / determinant;
    double k1 = (information[0] * pull[1] - information[1] * pull[0]) / determinant;
    double factor = scatter();
    return new LensError(
        logFocal,
        Math.sqrt(factor * information[2] / determinant),
        k1,
        Math.sqrt(factor * information[0] / determinant),
        Math.sqrt(Math.max(0, pull[0] * logFocal + pull[1] * k1) / factor),
        windows);
  }

  /** One of the two off, the other as the calibration has it: whichever explains more. */
  private LensError simplest() {
    double factor = scatter();
    double focalSigmas = Math.abs(pull[0]) / Math.sqrt(factor * information[0]);
    double k1Sigmas = Math.abs(pull[1]) / Math.sqrt(factor * information[2]);
    return focalSigmas > k1Sigmas
        ? new LensError(
            pull[0] / information[0],
            Math.sqrt(factor / information[0]),
            0,
            0,
            focalSigmas,
            windows)
        : new LensError(
            0, 0, pull[1] / information[2], Math.sqrt(factor / information[2]), k1Sigmas, windows);
  }

  /**
   * What is too little to matter is no cause: it may be the share of what is not modelled here, and
   * would take the other along.
   */
  private boolean needsBoth(LensError both) {
    return isFocalOff(both)
        && isBent(both)
        && Math.abs(both.logFocal()) > NEEDED_SIGMAS * both.logFocalStd()
        && Math.abs(both.k1()) > NEEDED_SIGMAS * both.k1Std();
  }

  private boolean isFocalOff(LensError error) {
    return Math.abs(error.logFocal()) > LEAST_LOG_FOCAL;
  }

  private boolean isBent(LensError error) {
    return Math.abs(error.k1()) * cornerSlope2 > LEAST_CORNER_SHIFT;
  }

  /** Of the windows' answers about the common one, over what their stds promise; at least 1. */
  private double scatter() {
    double determinant = determinant();
    double explained =
        (information[2] * pull[0] * pull[0]
                - 2 * information[1] * pull[0] * pull[1]
                + information[0] * pull[1] * pull[1])
            / determinant;
    return windows < 2 ? 1 : Math.max(1, (chiSquareOfNone - explained) / (2 * (windows - 1)));
  }

  private double determinant() {
    return information[0] * information[2] - information[1] * information[1];
  }
}
