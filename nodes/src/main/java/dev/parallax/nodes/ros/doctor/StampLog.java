package dev.parallax.nodes.ros.doctor;

import dev.parallax.nodes.runtime.Finding;
import dev.parallax.perception.frame.Timestamp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Stamps and arrivals of one topic's messages. Any thread. */
final class StampLog {
  private static final double FUTURE_S = 0.1;
  private static final double OLD_S = 1;

  /** A rate this much under the claimed one is lost on the way. */
  private static final double KEPT_SHARE = 0.8;

  /** A gap of so many usual distances is one with something missing. */
  private static final double MISSING_GAP = 1.6;

  private final List<Timestamp> stamps = new ArrayList<>();
  private final List<Long> arrivalsNs = new ArrayList<>();
  private double mostAheadS = Double.NEGATIVE_INFINITY;
  private double mostBehindS = Double.NEGATIVE_INFINITY;
  private int zero;
  private int back;
  private int doubled;

  synchronized void add(Timestamp stamp, Timestamp now, long arrivalNs) {
    if (stamp.nanos() == 0) {
      zero++;
    } else {
      double aheadS = stamp.secondsSince(now);
      mostAheadS = Math.max(mostAheadS, aheadS);
      mostBehindS = Math.max(mostBehindS, -aheadS);
      Timestamp last = stamps.isEmpty() ? null : stamps.get(stamps.size() - 1);
      doubled += stamp.equals(last) ? 1 : 0;
      back += last != null && last.isAfter(stamp) ? 1 : 0;
      stamps.add(stamp);
    }
    arrivalsNs.add(arrivalNs);
  }

  synchronized int count() {
    return arrivalsNs.size();
  }

  synchronized List<Timestamp> stamps() {
    return List.copyOf(stamps);
  }

  /** Messages a second as they came; NaN for fewer than three. */
  synchronized double rateHz() {
    int n = arrivalsNs.size();
    return n < 3 ? Double.NaN : (n - 1) / ((arrivalsNs.get(n - 1) - arrivalsNs.get(0)) / 1e9);
  }

  /** Messages a second by the usual distance of two stamps; NaN for fewer than three. */
  synchronized double stampedRateHz() {
    List<Double> gaps = new ArrayList<>();
    for (int i = 1; i < stamps.size(); i++) {
      double gapS = stamps.get(i).secondsSince(stamps.get(i - 1));
      if (gapS > 0) {
        gaps.add(gapS);
      }
    }
    Collections.sort(gaps);
    return gaps.size() < 2 ? Double.NaN : 1 / gaps.get(gaps.size() / 2);
  }

  /**
   * What is odd about stamps and rate.
   *
   * @param claimedHz the rate its driver is set to; NaN if that is not known
   */
  synchronized List<Finding> findings(String topic, double claimedHz) {
    List<Finding> findings = new ArrayList<>();
    if (zero > 0) {
      findings.add(
          Finding.error(
              topic,
              "%d of %d stamps are zero".formatted(zero, arrivalsNs.size()),
              "let the driver stamp its messages with the time of exposure"));
    }
    if (mostAheadS > FUTURE_S) {
      findings.add(
          Finding.error(
              topic,
              "stamps are up to %.2f s in the future".formatted(mostAheadS),
              "synchronise the clocks of the two machines (chrony), or set /use_sim_time"));
    } else if (mostBehindS > OLD_S) {
      findings.add(
          Finding.warning(
              topic,
              "messages are up to %.1f s old when they come".formatted(mostBehindS),
              "look for a slow link or a wrong clock; a recording wants /use_sim_time and rosbag"
                  + " play --clock"));
    }
    if (back > 0) {
      findings.add(
          Finding.warning(
              topic,
              "%d stamps are before the one that came before".formatted(back),
              "look for two publishers or a recording that loops"));
    }
    if (doubled > 0) {
      findings.add(
          Finding.warning(
              topic,
              "%d stamps are those of the message before".formatted(doubled),
              "look for a driver that sends a picture twice, or a node that relays it"));
    }
    addGaps(findings, topic);
    addRate(findings, topic, claimedHz);
    return findings;
  }

  /** Messages that are missing between two that came, by the usual distance of stamps. */
  private void addGaps(List<Finding> findings, String topic) {
    double usualS = 1 / stampedRateHz();
    int missing = 0;
    double longestS = 0;
    for (int i = 1; i < stamps.size(); i++) {
      double gapS = stamps.get(i).secondsSince(stamps.get(i - 1));
      if (gapS > MISSING_GAP * usualS) {
        missing += (int) Math.round(gapS / usualS) - 1;
        longestS = Math.max(longestS, gapS);
      }
    }
    if (missing > 0) {
      findings.add(
          Finding.warning(
              topic,
              "%d messages are missing by the stamps, the longest gap is %.2f s"
                  .formatted(missing, longestS),
              "look for a full network, a busy driver or a cable; use the compressed topic"));
    }
  }

  private void addRate(List<Finding> findings, String topic, double claimedHz) {
    double rate = rateHz();
    double claimed = Double.isNaN(claimedHz) ? stampedRateHz() : claimedHz;
    if (rate < KEPT_SHARE * claimed) {
      String by = Double.isNaN(claimedHz) ? "its stamps claim" : "its driver is set to";
      findings.add(
          Finding.warning(
              topic,
              "%.1f messages a second come, %s %.1f".formatted(rate, by, claimed),
              "look for a full network or a busy driver; use the compressed topic"));
    }
  }
}
