package dev.parallax.nodes.source;

import dev.parallax.perception.frame.DrivenWay;
import dev.parallax.perception.frame.Timestamp;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Speeds in the order of time and the way they add up to (trapezoidal rule). One thread at a time.
 */
public final class SpeedLog {
  /** What a reading is off by where it does not say: an encoder's ticks, a shaking mast. */
  public static final double USUAL_STD_MPS = 0.05;

  /** Longer without a reading nobody knows what was driven. */
  private static final long MAX_GAP_NS = 500_000_000L;

  /** A picture may come so much later than the last reading, whose speed is then carried on. */
  private static final long MAX_AHEAD_NS = 100_000_000L;

  private static final int FIRST_CAPACITY = 256;

  private final int most;
  private long[] nanos = new long[FIRST_CAPACITY];
  private double[] speedMps = new double[FIRST_CAPACITY];
  private double[] wayM = new double[FIRST_CAPACITY];
  private double[] varianceM2 = new double[FIRST_CAPACITY];
  private int[] run = new int[FIRST_CAPACITY];
  private int count;
  private long outOfOrder;

  /**
   * @param most how many readings are kept; the older half goes when there are more
   */
  public SpeedLog(int most) {
    if (most < 2) {
      throw new IllegalArgumentException("A speed log keeps at least 2 readings, got " + most);
    }
    this.most = most;
  }

  /**
   * Adds a reading; one that is not after the last is left out and counted.
   *
   * @param stdMps NaN or 0 for the usual
   */
  public void add(Timestamp stamp, double speed, double stdMps) {
    if (count > 0 && stamp.nanos() <= nanos[count - 1]) {
      outOfOrder++;
      return;
    }
    makeRoom();
    double std = stdMps > 0 ? stdMps : USUAL_STD_MPS;
    nanos[count] = stamp.nanos();
    speedMps[count] = speed;
    if (count > 0) {
      int last = count - 1;
      long gapNs = stamp.nanos() - nanos[last];
      boolean goesOn = gapNs <= MAX_GAP_NS;
      double seconds = gapNs / 1e9;
      run[count] = goesOn ? run[last] : run[last] + 1;
      wayM[count] = goesOn ? wayM[last] + seconds * (speedMps[last] + speed) / 2 : 0;
      varianceM2[count] = goesOn ? varianceM2[last] + seconds * std * seconds * std : 0;
    }
    count++;
  }

  /** The time of the last reading; null before the first. */
  public @Nullable Timestamp last() {
    return count == 0 ? null : new Timestamp(nanos[count - 1]);
  }

  /** How many readings are kept. */
  public int size() {
    return count;
  }

  /** Whether no reading that is kept tells of motion. */
  public boolean isAlwaysZero() {
    return Arrays.stream(speedMps, 0, count).allMatch(speed -> speed == 0);
  }

  /** How many readings were not after the one before. */
  public long outOfOrder() {
    return outOfOrder;
  }

  /** The way up to a moment; null where no reading is near. */
  public @Nullable DrivenWay at(Timestamp stamp) {
    int found = Arrays.binarySearch(nanos, 0, count, stamp.nanos());
    int i = found >= 0 ? found : -found - 2; // the last reading that is not after
    if (i < 0) {
      return null;
    }
    double seconds = (stamp.nanos() - nanos[i]) / 1e9;
    boolean between = i + 1 < count && run[i + 1] == run[i];
    if (!between && stamp.nanos() - nanos[i] > MAX_AHEAD_NS) {
      return null;
    }
    double share = between ? (stamp.nanos() - nanos[i]) / (double) (nanos[i + 1] - nanos[i]) : 0;
    double speed = between ? speedMps[i] + share * (speedMps[i + 1] - speedMps[i]) : speedMps[i];
    double variance =
        between
            ? varianceM2[i] + share * (varianceM2[i + 1] - varianceM2[i])
            : varianceM2[i] + seconds * USUAL_STD_MPS * seconds * USUAL_STD_MPS;
    return new DrivenWay(run[i], wayM[i] + seconds * (speedMps[i] + speed) / 2, variance);
  }

  private void makeRoom() {
    if (count == most) {
      int from = count / 2;
      keepFrom(from);
    }
    if (count == nanos.length) {
      int larger = Math.min(most, 2 * count);
      nanos = Arrays.copyOf(nanos, larger);
      speedMps = Arrays.copyOf(speedMps, larger);
      wayM = Arrays.copyOf(wayM, larger);
      varianceM2 = Arrays.copyOf(varianceM2, larger);
      run = Arrays.copyOf(run, larger);
    }
  }

  private void keepFrom(int from) {
    System.arraycopy(nanos, from, nanos, 0, count - from);
    System.arraycopy(speedMps, from, speedMps, 0, count - from);
    System.arraycopy(wayM, from, wayM, 0, count - from);
    System.arraycopy(varianceM2, from, varianceM2, 0, count - from);
    System.arraycopy(run, from, run, 0, count - from);
    count -= from;
  }
}
