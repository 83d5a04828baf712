package dev.parallax.perception.inertial;

import dev.parallax.perception.frame.InertialSamples;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.Optional;

/**
 * The inertial readings of an interval, with one at each of its ends, straight between the readings
 * around it. The arrays are not to be changed.
 *
 * @param nanos {@code [n]} rising, the first and the last are the interval's ends; n at least 2
 * @param gyroRadps {@code [n 3]}
 * @param accelMps2 {@code [n 3]}
 */
public record InertialSpan(long[] nanos, double[] gyroRadps, double[] accelMps2) {
  /** Longer without a reading nobody knows what the camera did. */
  private static final long MAX_GAP_NS = 100_000_000L;

  /** So far beyond the first or last reading that one is carried on. */
  private static final long MAX_HOLD_NS = 30_000_000L;

  /**
   * @return empty if the readings do not cover the interval, or leave a gap in it
   */
  public static Optional<InertialSpan> between(
      InertialSamples samples, Timestamp from, Timestamp to) {
    long[] nanos = samples.nanos();
    int n = nanos.length;
    if (n == 0
        || to.nanos() <= from.nanos()
        || nanos[0] > from.nanos() + MAX_HOLD_NS
        || nanos[n - 1] < to.nanos() - MAX_HOLD_NS) {
      return Optional.empty();
    }
    int begin = firstAfter(nanos, from.nanos());
    int end = begin; // the first that is not before the interval's end
    while (end < n && nanos[end] < to.nanos()) {
      end++;
    }
    for (int i = Math.max(begin, 1); i <= Math.min(end, n - 1); i++) {
      if (nanos[i] - nanos[i - 1] > MAX_GAP_NS) {
        return Optional.empty();
      }
    }
    int inside = end - begin;
    long[] times = new long[inside + 2];
    double[] gyro = new double[3 * inside + 6];
    double[] accel = new double[3 * inside + 6];
    times[0] = from.nanos();
    times[inside + 1] = to.nanos();
    System.arraycopy(nanos, begin, times, 1, inside);
    System.arraycopy(samples.gyroRadps(), 3 * begin, gyro, 3, 3 * inside);
    System.arraycopy(samples.accelMps2(), 3 * begin, accel, 3, 3 * inside);
    for (int at : new int[] {0, inside + 1}) {
      at(samples, times[at], at == 0 ? begin : end, gyro, accel, 3 * at);
    }
    return Optional.of(new InertialSpan(times, gyro, accel));
  }

  private static int firstAfter(long[] nanos, long time) {
    int found = Arrays.binarySearch(nanos, time);
    return found >= 0 ? found + 1 : -found - 1;
  }

  /** The reading at a time before which {@code next} is the first that is not earlier. */
  private static void at(
      InertialSamples samples, long time, int next, double[] gyro, double[] accel, int to) {
    int n = samples.count();
    int i = Math.min(Math.max(next - 1, 0), n - 1);
    int j = Math.min(next, n - 1);
    long width = samples.nanos()[j] - samples.nanos()[i];
    double share = width == 0 ? 0 : (time - samples.nanos()[i]) / (double) width;
    for (int k = 0; k < 3; k++) {
      gyro[to + k] = mix(samples.gyroRadps(), 3 * i + k, 3 * j + k, share);
      accel[to + k] = mix(samples.accelMps2(), 3 * i + k, 3 * j + k, share);
    }
  }

  private static double mix(double[] values, int i, int j, double share) {
    return values[i] + share * (values[j] - values[i]);
  }

  public double seconds() {
    return (nanos[nanos.length - 1] - nanos[0]) / 1e9;
  }

  /**
   * How the sensor turned: maps directions of its end to its beginning. Each step turns by the mean
   * of the readings at its ends.
   *
   * @param biasRadps {@code [3]} what the gyroscope reads at rest
   */
  public Se3 R_begin_end(double[] biasRadps) {
    Se3 turn = Se3.identity();
    for (int i = 0; i + 1 < nanos.length; i++) {
      double dt = (nanos[i + 1] - nanos[i]) / 1e9;
      turn =
          turn.times(
              Se3.ofRotationVector(
                  dt * (mean(gyroRadps, i, 0) - biasRadps[0]),
                  dt * (mean(gyroRadps, i, 1) - biasRadps[1]),
                  dt * (mean(gyroRadps, i, 2) - biasRadps[2])));
    }
    return turn.normalised();
  }

  /** {@code [3]} of the gyroscope, over time. */
  public double[] meanGyroRadps() {
    return mean(gyroRadps);
  }

  /** {@code [3]} of the accelerometer, over time. */
  public double[] meanAccelMps2() {
    return mean(accelMps2);
  }

  private double[] mean(double[] values) {
    double[] sum = new double[3];
    for (int i = 0; i + 1 < nanos.length; i++) {
      double share = (nanos[i + 1] - nanos[i]) / (double) (nanos[nanos.length - 1] - nanos[0]);
      for (int k = 0; k < 3; k++) {
        sum[k] += share * mean(values, i, k);
      }
    }
    return sum;
  }

  /** Of the readings at both ends of step i, along axis k. */
  static double mean(double[] values, int i, int k) {
    return 0.5 * (values[3 * i + k] + values[3 * i + 3 + k]);
  }
}
