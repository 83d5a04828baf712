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

  private static final int FIRST_CAPACITY = 1024;

  private final int most;
  private long[] nanos = new long[FIRST_CAPACITY];
  private double[] gyro = new double[3 * FIRST_CAPACITY];
  private double[] accel = new double[3 * FIRST_CAPACITY];
  private int count;
  private long outOfOrder;
  private long notFinite;
  private boolean turns;

  /**
   * @param most how many readings are kept; the older half goes when there are more
   */
  public InertialLog(int most) {
    if (most < 2) {
      throw new IllegalArgumentException("An inertial log keeps at least 2 readings, got " + most);
    }
    this.most = most;
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
    if (count > 0 && stamp.nanos() <= nanos[count - 1]) {
      outOfOrder++;
      return;
    }
    makeRoom();
    nanos[count] = stamp.nanos();
    System.arraycopy(gyroRadps, 0, gyro, 3 * count, 3);
    System.arraycopy(accelMps2, 0, accel, 3 * count, 3);
    turns |= gyroRadps[0] != 0 || gyroRadps[1] != 0 || gyroRadps[2] != 0;
    count++;
  }

  /** How many readings are kept. */
  public int size() {
    return count;
  }

  /** How many readings were not after the one before. */
  public long outOfOrder() {
    return outOfOrder;
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
    int end = Math.min(count, firstNotBefore(picture.nanos()) + 1);
    int begin = firstNotBefore(picture.nanos() - CARRIED_NS);
    if (begin >= end) {
      return null;
    }
    return new InertialSamples(
        Arrays.copyOfRange(nanos, begin, end),
        Arrays.copyOfRange(gyro, 3 * begin, 3 * end),
        Arrays.copyOfRange(accel, 3 * begin, 3 * end),
        T_cam_imu);
  }

  private int firstNotBefore(long time) {
    int found = Arrays.binarySearch(nanos, 0, count, time);
    return found >= 0 ? found : -found - 1;
  }

  private void makeRoom() {
    if (count == most) {
      int from = count / 2;
      System.arraycopy(nanos, from, nanos, 0, count - from);
      System.arraycopy(gyro, 3 * from, gyro, 0, 3 * (count - from));
      System.arraycopy(accel, 3 * from, accel, 0, 3 * (count - from));
      count -= from;
    }
    if (count == nanos.length) {
      int larger = Math.min(most, 2 * count);
      nanos = Arrays.copyOf(nanos, larger);
      gyro = Arrays.copyOf(gyro, 3 * larger);
      accel = Arrays.copyOf(accel, 3 * larger);
    }
  }
}
