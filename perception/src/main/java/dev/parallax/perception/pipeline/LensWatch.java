package dev.parallax.perception.pipeline;

import dev.parallax.perception.concurrent.BackgroundJob;
import dev.parallax.perception.geometry.CameraModel;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.odometry.FocalViews;
import dev.parallax.perception.odometry.LensCheck;
import dev.parallax.perception.odometry.LensError;
import dev.parallax.perception.odometry.Odometry;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Holds a given calibration against the pictures, beside the frames: what a window of keyframes
 * says is taken some pictures later, the same in every run. What it is off by widens the
 * covariance, and is told once. Agent thread only.
 */
final class LensWatch implements AutoCloseable {
  /** Keyframes from one window to the next, so that they share few views. */
  private static final int KEYFRAMES_APART = 4;

  /** A window takes a quarter of a second where little else is to do. */
  private static final int PICTURES_TO_THE_ANSWER = 8;

  /** After so many windows the calibration is looked at more rarely. */
  private static final int EAGER_WINDOWS = 6;

  private static final int KEYFRAMES_APART_LATER = 20;

  /** What is left of a distortion, over all of it, that is taken to be none. */
  private static final double RECTIFIED_SHARE = 0.25;

  /** A calibration with less says that there is none. */
  private static final double NO_K1 = 0.005;

  private static final int SAMPLES = 16; // rays along each side of the picture

  private final CameraModel given;
  private final Consumer<Notice> notices;
  private final LensCheck check;
  private final BackgroundJob<LensCheck> job = new BackgroundJob<>("parallax-lens");
  private int keyframesToGo = KEYFRAMES_APART;
  private int picturesSince; // a window was begun
  private int looked;
  private boolean told;

  LensWatch(CameraModel given, Consumer<Notice> notices) {
    this.given = given;
    this.notices = notices;
    check = new LensCheck(given.rectified());
  }

  /** A picture was worked. */
  void next(Odometry odometry) {
    if (job.isPending() && ++picturesSince >= PICTURES_TO_THE_ANSWER) {
      LensCheck answer = job.take();
      odometry.doubtLens(answer.doubted());
      answer.found().ifPresent(this::tell);
    }
  }

  /** A keyframe was added. */
  void look(Odometry odometry) {
    if (--keyframesToGo > 0 || job.isPending()) {
      return;
    }
    Optional<FocalViews> views = odometry.focalViews();
    if (views.isPresent()) {
      job.begin(() -> check.add(views.get()));
      picturesSince = 0;
      keyframesToGo = ++looked < EAGER_WINDOWS ? KEYFRAMES_APART : KEYFRAMES_APART_LATER;
    }
  }

  private void tell(LensError error) {
    if (told) {
      return;
    }
    told = true;
    String focal = error.isFocalOff() ? focal(error) : "";
    String bent = error.isBent() ? bent(error) : "";
    notices.accept(
        Notice.warning(
            Notice.Topic.LENS,
            "The calibration does not fit the pictures: %s%s%s. Depth and path are bent by it, which the covariance takes in; calibrate the camera anew, and check with doctor --recording"
                .formatted(focal, focal.isEmpty() || bent.isEmpty() ? "" : ", and ", bent)));
  }

  private String focal(LensError error) {
    double said = given.rectified().fx();
    return "they tell a focal length of about %.0f px (std %.0f %%), it says %.0f px"
        .formatted(said * Math.exp(error.logFocal()), 100 * error.logFocalStd(), said);
  }

  private String bent(LensError error) {
    double said = saidK1(false);
    boolean saysNone = Math.abs(said) < NO_K1;
    if (!saysNone && (isNear(error, saidK1(true)) || isNear(error, -said))) {
      return "it says that they are distorted (by about k1 = %.2f), they look rectified already"
          .formatted(said);
    }
    return "they look distorted by about k1 = %.2f (std %.2f), it says %s"
        .formatted(said + error.k1(), error.k1Std(), saysNone ? "none" : "%.2f".formatted(said));
  }

  /** Whether the pictures look as bent as a k1 would make them, near enough. */
  private static boolean isNear(LensError error, double k1) {
    double apart = Math.abs(error.k1() - k1);
    return apart < Math.max(2 * error.k1Std(), RECTIFIED_SHARE * Math.abs(k1));
  }

  /**
   * The k1 that by itself bends most like the calibration does, or like its rectification does, by
   * least squares over the picture: g of a point moved from slope r to g r is near 1 + k1 r^2.
   */
  private double saidK1(boolean rectification) {
    PinholeCamera straight = given.rectified();
    double[] moved = new double[3];
    double along = 0;
    double all = 0;
    for (int row = 0; row < SAMPLES; row++) {
      for (int column = 0; column < SAMPLES; column++) {
        double u = (column + 0.5) / SAMPLES * straight.width();
        double v = (row + 0.5) / SAMPLES * straight.height();
        double x = (u - straight.cx()) / straight.fx();
        double y = (v - straight.cy()) / straight.fy();
        double s = x * x + y * y;
        if (rectification ? unbent(u, v, moved) : bent(x, y, moved)) {
          along += s * ((moved[0] - x) * x + (moved[1] - y) * y);
          all += s * s * s;
        }
      }
    }
    return all > 0 ? along / all : 0;
  }

  /**
   * @param slopes receives {@code [2]} of where the calibration sees a ray
   */
  private boolean bent(double x, double y, double[] slopes) {
    PinholeCamera straight = given.rectified();
    boolean isSeen = given.project(x, y, 1, slopes);
    slopes[0] = (slopes[0] - straight.cx()) / straight.fx();
    slopes[1] = (slopes[1] - straight.cy()) / straight.fy();
    return isSeen;
  }

  /**
   * @param slopes receives {@code [3]}, the first two of the ray that the calibration sees there
   */
  private boolean unbent(double u, double v, double[] slopes) {
    boolean isSeen = given.unproject(u, v, slopes) && slopes[2] > 0;
    slopes[0] /= slopes[2];
    slopes[1] /= slopes[2];
    return isSeen;
  }

  @Override
  public void close() {
    job.close();
  }
}
