package dev.parallax.perception.odometry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Learns the focal length from pictures alone: for each of a row of candidates, poses and depths of
 * a few views are adjusted and the residual is kept; the curves of many such windows add up. The
 * lowest point, refined by a parabola, is the focal length, its curvature tells how surely. One
 * thread at a time.
 */
public final class FocalSweep {
  /** As FlowMap has it: from half to twice the geometric mean of the picture's sides. */
  private static final double LEAST = 0.5;

  private static final double MOST = 2;
  private static final int CANDIDATES = 25;

  /** Residuals of neighbouring views and points err alike: so many count as one. */
  private static final double RESIDUALS_THAT_ERR_ALIKE = 16;

  /** Sure enough to be used. */
  private static final double MAX_LOG_STD = 0.03;

  private static final int MIN_WINDOWS = 3;

  private final List<double[]> curves = new ArrayList<>();
  private final double[] total = new double[CANDIDATES];

  /**
   * What was found.
   *
   * @param focalPx the focal length, pixels
   * @param relativeStd one standard deviation over it
   */
  public record Found(double focalPx, double relativeStd, int windows) {}

  /** How many windows were looked at. */
  public int windows() {
    return curves.size();
  }

  /**
   * Adds a window; they should not share views. One thread at a time.
   *
   * @return this
   */
  public FocalSweep add(FocalViews views) {
    double[] focals = candidates(views);
    double[] cost = new double[CANDIDATES];
    int start = 0;
    for (int c = 1; c < CANDIDATES; c++) {
      boolean nearer =
          Math.abs(Math.log(focals[c] / views.camera().fx()))
              < Math.abs(Math.log(focals[start] / views.camera().fx()));
      start = nearer ? c : start;
    }
    LensAdjustment up = new LensAdjustment(views, false);
    up.fit(focals[start]);
    cost[start] = up.fit(focals[start]);
    double noise = up.noiseVariance();
    LensAdjustment down = up.copy();
    for (int c = start + 1; c < CANDIDATES; c++) {
      cost[c] = up.fit(focals[c]);
      noise = Math.min(noise, up.noiseVariance());
    }
    for (int c = start - 1; c >= 0; c--) {
      cost[c] = down.fit(focals[c]);
      noise = Math.min(noise, down.noiseVariance());
    }
    for (int c = 0; c < CANDIDATES; c++) {
      cost[c] /= noise * RESIDUALS_THAT_ERR_ALIKE;
      total[c] += cost[c];
    }
    curves.add(cost);
    return this;
  }

  private static double[] candidates(FocalViews views) {
    double side = Math.sqrt((double) views.camera().width() * views.camera().height());
    double[] focals = new double[CANDIDATES];
    for (int c = 0; c < CANDIDATES; c++) {
      focals[c] = side * LEAST * Math.pow(MOST / LEAST, c / (CANDIDATES - 1.0));
    }
    return focals;
  }

  /**
   * The focal length, once it can be told.
   *
   * @param sidePx geometric mean of the picture's sides
   */
  public Optional<Found> found(double sidePx) {
    Found best = best(sidePx);
    return windows() >= MIN_WINDOWS && best.relativeStd < MAX_LOG_STD
        ? Optional.of(best)
        : Optional.empty();
  }

  /** The best so far, sure or not; a std of infinity where nothing can be told. */
  public Found best(double sidePx) {
    double[] lowest = lowest(total);
    double scatter = 0; // chi-square of the windows' own answers about the common one
    int answers = 0;
    for (double[] curve : curves) {
      double[] own = lowest(curve);
      if (own[1] < Double.POSITIVE_INFINITY) {
        scatter += (own[0] - lowest[0]) * (own[0] - lowest[0]) / (own[1] * own[1]);
        answers++;
      }
    }
    // Windows that contradict each other, as under a lens that bends, tell less than they say.
    double factor = answers < 2 ? 1 : Math.max(1, Math.sqrt(scatter / (answers - 1)));
    return new Found(sidePx * Math.exp(lowest[0]), factor * lowest[1], windows());
  }

  /**
   * {@code [2]} where a curve is lowest, as the log of focal length over side, and its std; of
   * infinity where it is lowest at either end.
   */
  private static double[] lowest(double[] curve) {
    int best = 0;
    for (int c = 1; c < CANDIDATES; c++) {
      best = curve[c] < curve[best] ? c : best;
    }
    double logStep = Math.log(MOST / LEAST) / (CANDIDATES - 1);
    double at = best;
    double std = Double.POSITIVE_INFINITY;
    if (best > 0 && best < CANDIDATES - 1) {
      double curvature = curve[best - 1] - 2 * curve[best] + curve[best + 1];
      if (curvature > 0) {
        at += 0.5 * (curve[best - 1] - curve[best + 1]) / curvature;
        // The cost is twice the negative log likelihood: its second derivative is 2 over variance.
        std = logStep * Math.sqrt(2 / curvature);
      }
    }
    return new double[] {Math.log(LEAST) + at * logStep, std};
  }
}
