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

  private static final int SPEED_MPS = 0;
  private static final int WAY_M = 1;
  private static final int VARIANCE_M2 = 2;

  /** Which unbroken run of readings it is of, counted. */
  private static final int RUN = 3;

  private final TimedRows rows;

  /**
   * @param most how many readings are kept; the older half goes when there are more
   */
  public SpeedLog(int most) {
    rows = new TimedRows(most, 1, 1, 1, 1);
  }

  /**
   * Adds a reading; one that is not after the last is left out and counted.
   *
   * @param stdMps NaN or 0 for the usual
   */
  public void add(Timestamp stamp, double speed, double stdMps) {
    if (!rows.append(stamp)) {
      return;
    }
    int now = rows.count() - 1;
    double[] speedMps = rows.column(SPEED_MPS);
    speedMps[now] = speed;
    if (now > 0) {
      double[] wayM = rows.column(WAY_M);
      double[] varianceM2 = rows.column(VARIANCE_M2);
      double[] run = rows.column(RUN);
      int last = now - 1;
      double std = stdMps > 0 ? stdMps : USUAL_STD_MPS;
      long gapNs = stamp.nanos() - rows.nanos(last);
      boolean goesOn = gapNs <= MAX_GAP_NS;
      double seconds = gapNs / 1e9;
      run[now] = goesOn ? run[last] : run[last] + 1;
      wayM[now] = goesOn ? wayM[last] + seconds * (speedMps[last] + speed) / 2 : 0;
      varianceM2[now] = goesOn ? varianceM2[last] + seconds * std * seconds * std : 0;
    }
  }

  /** The time of the last reading; null before the first. */
  public @Nullable Timestamp last() {
    return rows.count() == 0 ? null : new Timestamp(rows.nanos(rows.count() - 1));
  }

  /** How many readings are kept. */
  public int size() {
    return rows.count();
  }

  /** Whether no reading that is kept tells of motion. */
  public boolean isAlwaysZero() {
    return Arrays.stream(rows.column(SPEED_MPS), 0, rows.count()).allMatch(speed -> speed == 0);
  }

  /** How many readings were not after the one before. */
  public long outOfOrder() {
    return rows.outOfOrder();
  }

  /** The way up to a moment; null where no reading is near. */
  public @Nullable DrivenWay at(Timestamp stamp) {
    int next = rows.firstNotBefore(stamp.nanos());
    boolean isExact = next < rows.count() && rows.nanos(next) == stamp.nanos();
    int i = isExact ? next : next - 1; // the last reading that is not after
    if (i < 0) {
      return null;
    }
    double[] speedMps = rows.column(SPEED_MPS);
    double[] wayM = rows.column(WAY_M);
    double[] varianceM2 = rows.column(VARIANCE_M2);
    double[] run = rows.column(RUN);
    long sinceNs = stamp.nanos() - rows.nanos(i);
    double seconds = sinceNs / 1e9;
    boolean between = i + 1 < rows.count() && run[i + 1] == run[i];
    if (!between && sinceNs > MAX_AHEAD_NS) {
      return null;
    }
    double share = between ? sinceNs / (double) (rows.nanos(i + 1) - rows.nanos(i)) : 0;
    double speed = between ? speedMps[i] + share * (speedMps[i + 1] - speedMps[i]) : speedMps[i];
    double variance =
        between
            ? varianceM2[i] + share * (varianceM2[i + 1] - varianceM2[i])
            : varianceM2[i] + seconds * USUAL_STD_MPS * seconds * USUAL_STD_MPS;
    return new DrivenWay((int) run[i], wayM[i] + seconds * (speedMps[i] + speed) / 2, variance);
  }
}
