package dev.parallax.perception.pipeline;

import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.odometry.DepthHint;
import dev.parallax.perception.prior.PriorDepth;
import java.util.Arrays;
import java.util.OptionalDouble;

/** What is surely known of a picture's depth, here and there. */
final class DepthSamples {
  private static final int APART_PX = 8;

  /** Depth less sure than this says little of the unit of length. */
  private static final double MAX_RELATIVE_STD = 0.3;

  /** With less known of the picture, what is seen there may be anything. */
  private static final double LEAST_SHARE = 0.1;

  private final PinholeCamera camera;
  private final int columns;
  private final double[] inverseDepth; // 0 where unknown

  private DepthSamples(PinholeCamera camera, int columns, double[] inverseDepth) {
    this.camera = camera;
    this.columns = columns;
    this.inverseDepth = inverseDepth;
  }

  /**
   * @param depths of pixels of {@code camera}
   */
  static DepthSamples of(DepthHint depths, PinholeCamera camera) {
    int columns = camera.width() / APART_PX;
    double[] inverseDepth = new double[columns * (camera.height() / APART_PX)];
    double[] known = new double[2];
    for (int i = 0; i < inverseDepth.length; i++) {
      boolean isKnown = depths.at(u(i, columns), v(i, columns), known);
      double limit = MAX_RELATIVE_STD * known[0];
      inverseDepth[i] = isKnown && known[1] < limit * limit ? known[0] : 0;
    }
    return new DepthSamples(camera, columns, inverseDepth);
  }

  private static int u(int i, int columns) {
    return APART_PX * (i % columns) + APART_PX / 2;
  }

  private static int v(int i, int columns) {
    return APART_PX * (i / columns) + APART_PX / 2;
  }

  /** Whether enough of the picture is known. */
  boolean areEnough() {
    long known = Arrays.stream(inverseDepth).filter(rho -> rho > 0).count();
    return known >= LEAST_SHARE * inverseDepth.length;
  }

  /** The same with lengths multiplied. */
  DepthSamples rescaled(double factor) {
    return new DepthSamples(
        camera, columns, Arrays.stream(inverseDepth).map(rho -> rho / factor).toArray());
  }

  /**
   * How many metres a network takes the unit of length for: the median ratio of depths, which half
   * the picture being wrong would not move far; empty where it says too little.
   */
  OptionalDouble metresInUnit(PriorDepth metric) {
    double[] ratios = new double[inverseDepth.length];
    int n = 0;
    for (int i = 0; i < inverseDepth.length; i++) {
      double ratio = depthM(metric, i) * inverseDepth[i];
      if (ratio > 0 && ratio < Double.POSITIVE_INFINITY) {
        ratios[n++] = ratio;
      }
    }
    return n < LEAST_SHARE * ratios.length
        ? OptionalDouble.empty()
        : OptionalDouble.of(OrderStatistic.median(ratios, n));
  }

  /**
   * The same from a picture that shows much the same, by the median depths of either; empty where
   * one of them says too little.
   */
  OptionalDouble metresInUnitByMedian(PriorDepth metricOfAnother) {
    double[] depthsM = new double[inverseDepth.length];
    double[] known = new double[inverseDepth.length];
    int seen = 0;
    int n = 0;
    for (int i = 0; i < inverseDepth.length; i++) {
      double depthM = depthM(metricOfAnother, i);
      if (depthM > 0 && depthM < Double.POSITIVE_INFINITY) {
        depthsM[seen++] = depthM;
      }
      if (inverseDepth[i] > 0) {
        known[n++] = inverseDepth[i];
      }
    }
    double least = LEAST_SHARE * inverseDepth.length;
    return seen < least || n < least
        ? OptionalDouble.empty()
        : OptionalDouble.of(OrderStatistic.median(depthsM, seen) * OrderStatistic.median(known, n));
  }

  /** NaN where the network does not say. */
  private float depthM(PriorDepth metric, int i) {
    int width = metric.grid().width();
    int x = u(i, columns) * width / camera.width();
    int y = v(i, columns) * metric.grid().height() / camera.height();
    return metric.depth()[y * width + x];
  }
}
