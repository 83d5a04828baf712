package dev.parallax.sim.eval.odometry;

import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.List;

/**
 * How the unit of length wanders along the path.
 *
 * <p>The true path is cut into windows of 10 m (a tenth of it where it is shorter than 100 m). In
 * each, the local scale is the RMS spread of the estimated positions about their mean over that of
 * the true ones: Horn's symmetric scale, which needs no rotation and does not grow with noise as a
 * ratio of path lengths does. The drift is the standard deviation of the logarithms of ten windows
 * in a row, that is over 100 m, as root mean square over all such stretches; on a shorter path,
 * over the path as it is, not extrapolated.
 *
 * @param pathM length of the true path
 * @param windowM length of one window
 * @param atM middle of each window along the true path, metres
 * @param logScale log of estimated over true scale in each window
 * @param stdLog the drift; NaN with fewer than two windows
 * @param trendLog change of a straight line through the logarithms over 100 m, or over the path
 *     where it is shorter; NaN likewise
 */
public record ScaleDrift(
    double pathM, double windowM, double[] atM, double[] logScale, double stdLog, double trendLog) {
  private static final int WINDOWS_PER_STRETCH = 10;
  private static final double FULL_PATH_M = 100;
  private static final double FULL_WINDOW_M = FULL_PATH_M / WINDOWS_PER_STRETCH;
  private static final int LEAST_POSES = 3;

  /**
   * @param pairs in the order of time
   */
  public static ScaleDrift of(List<PosePair> pairs) {
    double[] path = KittiDrift.truePathM(pairs);
    double wholeM = path.length == 0 ? 0 : path[path.length - 1];
    double windowM = Math.min(FULL_WINDOW_M, wholeM / WINDOWS_PER_STRETCH);
    List<double[]> windows = new ArrayList<>();
    int start = 0;
    for (int k = 0; windowM > 0 && start < path.length; k++) {
      double endM = (k + 1) * windowM;
      int end = start;
      while (end < path.length && path[end] <= endM) {
        end++;
      }
      double log = logScale(pairs.subList(start, end));
      if (!Double.isNaN(log)) {
        windows.add(new double[] {endM - windowM / 2, log});
      }
      start = end;
    }
    double[] at = windows.stream().mapToDouble(w -> w[0]).toArray();
    double[] log = windows.stream().mapToDouble(w -> w[1]).toArray();
    return new ScaleDrift(
        wholeM, windowM, at, log, stretchStd(log), Math.min(FULL_PATH_M, wholeM) * slope(at, log));
  }

  /** NaN where the window is too short or either camera did not move in it. */
  private static double logScale(List<PosePair> window) {
    if (window.size() < LEAST_POSES) {
      return Double.NaN;
    }
    double estimate = spread(window.stream().map(PosePair::T_odom_cam).toList());
    double truth = spread(window.stream().map(PosePair::T_world_cam).toList());
    return estimate > 0 && truth > 0 ? Math.log(estimate / truth) : Double.NaN;
  }

  /** RMS distance of the positions from their mean. */
  static double spread(List<Se3> poses) {
    double[] mean = new double[3];
    for (Se3 pose : poses) {
      mean[0] += pose.tx() / poses.size();
      mean[1] += pose.ty() / poses.size();
      mean[2] += pose.tz() / poses.size();
    }
    double sum = 0;
    for (Se3 pose : poses) {
      double dx = pose.tx() - mean[0];
      double dy = pose.ty() - mean[1];
      double dz = pose.tz() - mean[2];
      sum += dx * dx + dy * dy + dz * dz;
    }
    return Math.sqrt(sum / poses.size());
  }

  private static double stretchStd(double[] log) {
    if (log.length < 2) {
      return Double.NaN;
    }
    double sum = 0;
    int stretches = 0;
    for (int start = 0;
        start == 0 || start + WINDOWS_PER_STRETCH <= log.length;
        start += WINDOWS_PER_STRETCH) {
      int end = Math.min(log.length, start + WINDOWS_PER_STRETCH);
      sum += variance(log, start, end);
      stretches++;
    }
    return Math.sqrt(sum / stretches);
  }

  private static double variance(double[] values, int start, int end) {
    double mean = 0;
    for (int i = start; i < end; i++) {
      mean += values[i] / (end - start);
    }
    double sum = 0;
    for (int i = start; i < end; i++) {
      sum += (values[i] - mean) * (values[i] - mean);
    }
    return sum / (end - start);
  }

  private static double slope(double[] x, double[] y) {
    double mx = 0;
    double my = 0;
    for (int i = 0; i < x.length; i++) {
      mx += x[i] / x.length;
      my += y[i] / x.length;
    }
    double xy = 0;
    double xx = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (x[i] - mx) * (y[i] - my);
      xx += (x[i] - mx) * (x[i] - mx);
    }
    return xx > 0 ? xy / xx : Double.NaN;
  }
}
