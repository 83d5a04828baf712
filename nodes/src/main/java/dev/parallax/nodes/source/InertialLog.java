package dev.parallax.nodes.source;

import dev.parallax.perception.frame.InertialSamples;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Inertial readings in the order of time. One thread at a time. */
public final class InertialLog {
  /** What a picture carries along: so much may be lost of the pictures before it. */
  private static final long CARRIED_NS = 2_000_000_000L;

  private static final int GYRO = 0;
  private static final int ACCEL = 1;

  private final TimedRows rows;
  private long notFinite;
  private boolean turns;

  /**
   * @param most how many readings are kept; the older half goes when there are more
   */
  public InertialLog(int most) {
    rows = new TimedRows(most, 3, 3);
  }

  /**
   * Adds a reading; one that is not after the last, or not finite, is left out and counted.
   *
   * @param gyroRadps {@code [3]}
   * @param accelMps2 {@code [3]}
   */
  public void add(Timestamp stamp, double[] gyroRadps, double[] accelMps2) {
    double sum = Arrays.stream(gyroRadps).sum() + Arrays.stream(accelMps2).sum();
    if (!Double.isFinite(sum)) {
      notFinite++;
      return;
    }
    if (rows.append(stamp)) {
      int last = rows.count() - 1;
      System.arraycopy(gyroRadps, 0, rows.column(GYRO), 3 * last, 3);
      System.arraycopy(accelMps2, 0, rows.column(ACCEL), 3 * last, 3);
      turns |= gyroRadps[0] != 0 || gyroRadps[1] != 0 || gyroRadps[2] != 0;
    }
  }

  /** How many readings are kept. */
  public int size() {
    return rows.count();
  }

  /** How many readings were not after the one before. */
  public long outOfOrder() {
    return rows.outOfOrder();
  }

  /** How many readings were NaN or infinite. */
  public long notFinite() {
    return notFinite;
  }

  /** Whether the gyroscope ever read anything but zero: one that is there is never exactly so. */
  public boolean hasGyroscope() {
    return turns;
  }

  /**
   * What a picture carries along: the readings of the seconds before it and, where it is there, the
   * first after it.
   *
   * @return null where there is none
   */
  public @Nullable InertialSamples before(Timestamp picture, @Nullable Se3 T_cam_imu) {
    int end = Math.min(rows.count(), rows.firstNotBefore(picture.nanos()) + 1);
    int begin = rows.firstNotBefore(picture.nanos() - CARRIED_NS);
    if (begin >= end) {
      return null;
    }
    return new InertialSamples(
        rows.nanos(begin, end),
        rows.column(GYRO, begin, end),
        rows.column(ACCEL, begin, end),
        T_cam_imu);
  }
}
