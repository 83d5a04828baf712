package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.PinholeCamera;

/**
 * What moved between two pictures beyond a turn of the camera: whether the turn explains it all,
 * and whether the place that the camera moves towards lies in view. Agent thread only.
 */
final class MotionView {
  private static final int MIN_POINTS = 30;

  /** With fewer points a region says nothing. */
  private static final int MIN_IN_REGION = 3;

  /** A turn by less is too small to be told from a step: share of the picture's width. */
  private static final double MIN_TURN = 0.02;

  /**
   * What may be left where there is no parallax: what Lucas-Kanade errs by over some pictures, and
   * a share of the turn, for the lens and a shutter that rolls.
   */
  private static final double PARALLAX_NOISE_PX = 0.8;

  private static final double PARALLAX_NOISE_OF_TURN = 0.01;

  /** So much of the picture has to be explained: somebody may walk through the rest. */
  private static final double EXPLAINED_SHARE = 0.75;

  /** A turn that goes on may be explained by less: two may walk through. */
  private static final double STILL_EXPLAINED_SHARE = 0.5;

  /** Around the place ahead: a share of the picture's width. */
  private static final double NEAR_EPIPOLE = 0.125;

  private static final int MIN_NEAR_EPIPOLE = 6;

  /** Elsewhere there is clearly parallax, near the place ahead less than this share of it. */
  private static final double CLEAR_PARALLAX = 3;

  private static final double LITTLE_PARALLAX_SHARE = 0.5;

  private final PinholeCamera camera;
  private final PictureRegions regions;
  private final TurnFit fit;
  private final float[] before;
  private final float[] now;
  private final double[] values;
  private final double[] farValues;
  private final double[] leftPx;
  private int count;
  private double turnPx;

  MotionView(PinholeCamera camera, int capacity) {
    this.camera = camera;
    regions = new PictureRegions(camera);
    fit = new TurnFit(camera, capacity);
    before = new float[2 * capacity];
    now = new float[2 * capacity];
    values = new double[capacity];
    farValues = new double[capacity];
    leftPx = new double[capacity];
  }

  /**
   * Looks at the points that Lucas-Kanade confirmed.
   *
   * @param misses for each point, in how many pictures in a row it went unconfirmed
   * @param earlier {@code [n 2]} pixels in the earlier picture, NaN where a point was not followed
   */
  void look(PointTracks points, byte[] misses, float[] earlier) {
    count = 0;
    for (int i = 0; i < points.count; i++) {
      if (misses[i] == 0 && !Float.isNaN(earlier[2 * i])) {
        System.arraycopy(earlier, 2 * i, before, 2 * count, 2);
        System.arraycopy(points.uv, 2 * i, now, 2 * count, 2);
        count++;
      }
    }
    fit.fit(count, before, now);
    for (int i = 0; i < count; i++) {
      leftPx[i] = Math.hypot(fit.left[2 * i], fit.left[2 * i + 1]);
      double du = now[2 * i] - before[2 * i] - fit.left[2 * i];
      double dv = now[2 * i + 1] - before[2 * i + 1] - fit.left[2 * i + 1];
      values[i] = Math.hypot(du, dv);
    }
    turnPx = median(count);
  }

  /** The turn that explains most: takes rays of the earlier picture to those of the later one. */
  TurnFit turn() {
    return fit;
  }

  /**
   * Whether the camera turned, by many pixels, and nothing but that is seen.
   *
   * @param goesOn whether that was so in the picture before
   */
  boolean isTurnAlone(boolean goesOn) {
    return count >= MIN_POINTS
        && turnPx >= MIN_TURN * camera.width()
        && explainedShare() >= (goesOn ? STILL_EXPLAINED_SHARE : EXPLAINED_SHARE);
  }

  /** Whether the picture may be that of a turn, however small. */
  boolean mayBeTurnAlone() {
    return count < MIN_POINTS || explainedShare() >= STILL_EXPLAINED_SHARE;
  }

  /** Share of the picture's regions that a turn explains. */
  private double explainedShare() {
    int known = 0;
    int explained = 0;
    for (int region = 0; region < PictureRegions.COUNT; region++) {
      int n = 0;
      for (int i = 0; i < count; i++) {
        if (regions.of(now[2 * i], now[2 * i + 1]) == region) {
          values[n++] = leftPx[i];
        }
      }
      if (n >= MIN_IN_REGION) {
        known++;
        explained += median(n) <= noisePx() ? 1 : 0;
      }
    }
    return known == 0 ? 0 : (double) explained / known;
  }

  /**
   * Whether the camera moves along its view, with little parallax around the place ahead.
   *
   * @param direction_cam {@code [3]} the motion, of any length, axes of the camera now
   */
  boolean isAlongView(double[] direction_cam) {
    double u = camera.fx() * direction_cam[0] / direction_cam[2] + camera.cx();
    double v = camera.fy() * direction_cam[1] / direction_cam[2] + camera.cy();
    boolean inView = u >= 0 && v >= 0 && u < camera.width() && v < camera.height();
    if (count < MIN_POINTS || !inView) {
      return false;
    }
    int near = 0;
    int far = 0;
    for (int i = 0; i < count; i++) {
      double apart = Math.hypot(now[2 * i] - u, now[2 * i + 1] - v);
      if (apart < NEAR_EPIPOLE * camera.width()) {
        values[near++] = leftPx[i];
      } else {
        farValues[far++] = leftPx[i];
      }
    }
    if (near < MIN_NEAR_EPIPOLE || far == 0) {
      return false;
    }
    double nearPx = OrderStatistic.median(values, near);
    double farPx = OrderStatistic.median(farValues, far);
    return farPx > CLEAR_PARALLAX * noisePx() && nearPx < LITTLE_PARALLAX_SHARE * farPx;
  }

  private double noisePx() {
    return PARALLAX_NOISE_PX + PARALLAX_NOISE_OF_TURN * turnPx;
  }

  private double median(int n) {
    return n == 0 ? 0 : OrderStatistic.median(values, n);
  }
}
