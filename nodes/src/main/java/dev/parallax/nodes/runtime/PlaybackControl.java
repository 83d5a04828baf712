package dev.parallax.nodes.runtime;

import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * How a recording is being played: how fast, or not at all. The recording's time passes at the rate
 * given while it plays and stands still while it is paused. Any thread.
 */
public final class PlaybackControl {
  /** The rate of a recording that nobody holds back. */
  public static final double AS_FAST_AS_POSSIBLE = Double.POSITIVE_INFINITY;

  /** What one press of a key changes the rate by. */
  private static final double RATE_STEP = 1.25;

  private static final double SLOWEST = 0.01;
  private static final double FASTEST = 1000;
  private static final double NANOS_PER_MILLI = 1e6;

  private final LongSupplier nanoClock;
  private double rate;
  private boolean paused;
  private int steps;
  private boolean released;
  private boolean started;
  private long anchorNs;
  private double recordedNsAtAnchor;

  /**
   * What is so at this moment.
   *
   * @param rate times the recording's own speed; infinite where nobody holds it back
   */
  public record State(boolean paused, double rate) {}

  /**
   * @param rate 1 for the speed of the recording, 2 for twice that, or {@link #AS_FAST_AS_POSSIBLE}
   * @param paused whether to begin paused
   * @param nanoClock only goes forward
   */
  public PlaybackControl(double rate, boolean paused, LongSupplier nanoClock) {
    if (!(rate > 0)) {
      throw new IllegalArgumentException("A rate is positive, got " + rate);
    }
    this.rate = rate;
    this.paused = paused;
    this.nanoClock = nanoClock;
  }

  public synchronized State state() {
    return new State(paused, rate);
  }

  public synchronized void pause() {
    holdStill();
    paused = true;
    steps = 0;
  }

  public synchronized void resume() {
    holdStill();
    paused = false;
    steps = 0;
    notifyAll();
  }

  public synchronized void togglePause() {
    if (paused) {
      resume();
    } else {
      pause();
    }
  }

  /** Lets one more frame through and stays, or becomes, paused. */
  public synchronized void step() {
    if (!paused) {
      pause();
    }
    steps++;
    notifyAll();
  }

  /**
   * @param newRate kept within 0.01 and 1000; only {@link #AS_FAST_AS_POSSIBLE} is above
   */
  public synchronized void setRate(double newRate) {
    if (!(newRate > 0)) {
      throw new IllegalArgumentException("A rate is positive, got " + newRate);
    }
    holdStill();
    rate = newRate == AS_FAST_AS_POSSIBLE ? newRate : Math.min(FASTEST, Math.max(SLOWEST, newRate));
    notifyAll();
  }

  /** A little faster; as fast as possible stays so. */
  public void faster() {
    changeRate(RATE_STEP);
  }

  /** A little slower; from as fast as possible, to the recording's own speed. */
  public void slower() {
    changeRate(1 / RATE_STEP);
  }

  /** Ends all waiting for good, so that a run can be stopped within a pause. */
  public synchronized void release() {
    released = true;
    notifyAll();
  }

  /** Time may jump: the next frame is due at once, as the first one was. */
  public synchronized void beginAnew() {
    started = false;
  }

  /** The recording's time at this moment, nanoseconds; empty before the first frame. */
  public synchronized OptionalLong recordedNs() {
    return started ? OptionalLong.of((long) recordedNow()) : OptionalLong.empty();
  }

  /**
   * Waits until a frame is due. Returns at once where it is overdue, and when released.
   *
   * @param recordedNs when it was taken, in the recording's own time, nanoseconds; the first frame
   *     is due at once
   */
  public synchronized void awaitDue(long recordedNs) throws InterruptedException {
    if (!started) {
      started = true;
      anchorNs = nanoClock.getAsLong();
      recordedNsAtAnchor = recordedNs;
    }
    while (!released) {
      if (paused) {
        if (steps > 0) {
          steps--;
          anchorNs = nanoClock.getAsLong();
          recordedNsAtAnchor = Math.max(recordedNsAtAnchor, recordedNs);
          return;
        }
        wait();
        continue;
      }
      double waitNs = rate == AS_FAST_AS_POSSIBLE ? 0 : (recordedNs - recordedNow()) / rate;
      if (waitNs <= 0) {
        followUnhindered(recordedNs);
        return;
      }
      long millis = (long) (waitNs / NANOS_PER_MILLI);
      wait(millis, (int) Math.min(999_999, waitNs - millis * NANOS_PER_MILLI));
    }
  }

  private synchronized void changeRate(double factor) {
    if (rate != AS_FAST_AS_POSSIBLE) {
      setRate(rate * factor);
    } else if (factor < 1) {
      setRate(1);
    }
  }

  /** Should it be held back later, its time goes on from here. */
  private void followUnhindered(long recordedNs) {
    if (rate == AS_FAST_AS_POSSIBLE) {
      anchorNs = nanoClock.getAsLong();
      recordedNsAtAnchor = Math.max(recordedNsAtAnchor, recordedNs);
    }
  }

  /** Makes this moment the one that time is counted from. */
  private void holdStill() {
    if (started) {
      recordedNsAtAnchor = recordedNow();
      anchorNs = nanoClock.getAsLong();
    }
  }

  private double recordedNow() {
    if (paused || rate == AS_FAST_AS_POSSIBLE) {
      return recordedNsAtAnchor;
    }
    return recordedNsAtAnchor + (nanoClock.getAsLong() - anchorNs) * rate;
  }
}
