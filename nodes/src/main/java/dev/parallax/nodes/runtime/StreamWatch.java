package dev.parallax.nodes.runtime;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the stamps and the brightness of pictures as they come: what repeats, goes back or is
 * missing, and an exposure that jumps. One thread at a time.
 */
final class StreamWatch {
  /** An interval so many times the usual one has a picture missing in it. */
  private static final double GAP = 1.75;

  /** Nothing in front of a camera makes a picture so much brighter or darker in one interval. */
  private static final double JUMP = 1.3;

  /** Lamps are switched and doors opened: so many jumps are no fault. */
  private static final int FEW_JUMPS = 3;

  private static final int PIXEL_STRIDE = 13;

  private double[] intervalsS = new double[256];
  private int intervals;
  private int repeated;
  private int back;
  private int jumps;
  private int frames;
  private double largestJump = 1;
  private double lastBrightness = Double.NaN;
  private @Nullable Timestamp latest;

  /** A picture came. */
  void accept(CameraFrame frame) {
    frames++;
    acceptStamp(frame.stamp());
    double brightness = brightness(frame.picture());
    double factor = Math.max(brightness / lastBrightness, lastBrightness / brightness);
    if (factor > JUMP && factor < Double.POSITIVE_INFINITY) {
      jumps++;
      largestJump = Math.max(largestJump, factor);
    }
    lastBrightness = brightness;
  }

  private void acceptStamp(Timestamp stamp) {
    Timestamp before = latest;
    if (before == null || stamp.isAfter(before)) {
      if (before != null) {
        if (intervals == intervalsS.length) {
          intervalsS = Arrays.copyOf(intervalsS, 2 * intervals);
        }
        intervalsS[intervals++] = stamp.secondsSince(before);
      }
      latest = stamp;
    } else if (stamp.equals(before)) {
      repeated++;
    } else {
      back++;
    }
  }

  /** Mean grey level of some of the pixels. */
  private static double brightness(Picture picture) {
    byte[] data = picture.data();
    long sum = 0;
    long count = 0;
    for (int i = 0; i < data.length; i += PIXEL_STRIDE) {
      sum += data[i] & 255;
      count++;
    }
    return (double) sum / count;
  }

  /** What is wrong with the pictures that came. */
  List<Finding> findings(String name) {
    List<Finding> findings = new ArrayList<>();
    if (repeated + back > 0) {
      findings.add(
          Finding.warning(
              name,
              "%d of %d pictures have the stamp of the one before and %d an earlier one; they are skipped"
                  .formatted(repeated, frames, back),
              "stamp pictures when they are taken, and record one publisher alone"));
    }
    judgeGaps(name, findings);
    if (jumps > FEW_JUMPS) {
      findings.add(
          Finding.warning(
              name,
              String.format(
                  Locale.ROOT,
                  "brightness jumps %d times from one picture to the next, by up to a factor of %.1f",
                  jumps,
                  largestJump),
              "fix the exposure or limit how fast it changes; flicker of lamps: exposure times of"
                  + " whole periods of the mains"));
    }
    return findings;
  }

  private void judgeGaps(String name, List<Finding> findings) {
    double[] sorted = Arrays.copyOf(intervalsS, intervals);
    Arrays.sort(sorted);
    double usual = intervals == 0 ? 0 : sorted[intervals / 2];
    int gaps = 0;
    long missing = 0;
    for (double interval : sorted) {
      if (interval > GAP * usual) {
        gaps++;
        missing += Math.round(interval / usual) - 1;
      }
    }
    if (gaps > 0) {
      findings.add(
          Finding.warning(
              name,
              String.format(
                  Locale.ROOT,
                  "about %d pictures are missing in %d gaps, the longest %.2f s where %.3f s are usual",
                  missing,
                  gaps,
                  sorted[intervals - 1],
                  usual),
              "record to a faster disk, smaller or compressed pictures, or at a lower rate"));
    }
  }
}
