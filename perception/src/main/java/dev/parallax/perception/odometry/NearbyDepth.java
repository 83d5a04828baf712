package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.OrderStatistic;
import java.util.Arrays;

/** What points of known depth tell of a place between them: the median of the nearest few. */
final class NearbyDepth {
  private static final int NEAREST = 5;

  private final float[] uv;
  private final double[] inverseDepth;
  private final double[] squaredPx = new double[NEAREST];
  private final double[] nearest = new double[NEAREST];
  private int count;

  /**
   * @param capacity how many points may be added
   */
  NearbyDepth(int capacity) {
    uv = new float[2 * capacity];
    inverseDepth = new double[capacity];
  }

  void add(float u, float v, double rho) {
    uv[2 * count] = u;
    uv[2 * count + 1] = v;
    inverseDepth[count++] = rho;
  }

  int count() {
    return count;
  }

  /**
   * @return inverse depth
   * @throws IllegalStateException with fewer than five points
   */
  double at(float u, float v) {
    if (count < NEAREST) {
      throw new IllegalStateException("Too few points beside: " + count);
    }
    Arrays.fill(squaredPx, Double.POSITIVE_INFINITY);
    for (int i = 0; i < count; i++) {
      double du = uv[2 * i] - u;
      double dv = uv[2 * i + 1] - v;
      double distance = du * du + dv * dv;
      if (distance < squaredPx[NEAREST - 1]) {
        insert(distance, inverseDepth[i]);
      }
    }
    return OrderStatistic.median(nearest, NEAREST);
  }

  private void insert(double distance, double rho) {
    int place = NEAREST - 1;
    while (place > 0 && squaredPx[place - 1] > distance) {
      squaredPx[place] = squaredPx[place - 1];
      nearest[place] = nearest[place - 1];
      place--;
    }
    squaredPx[place] = distance;
    nearest[place] = rho;
  }
}
