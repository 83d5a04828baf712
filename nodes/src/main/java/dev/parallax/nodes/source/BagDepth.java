package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Timestamp;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The depth picture that belongs to a stamp. Reads forward as stamps grow and starts again where
 * one goes back, so that asking in the order of time costs one pass. One thread.
 */
final class BagDepth {
  /** How far recorded order may differ from the order of stamps: depth is often published late. */
  private static final int LOOK_AHEAD = 8;

  private record Stamped(long nanos, BagMessage message) {}

  private final Bag bag;
  private final BagImageTopic topic;
  private final BagPictures decoder;
  private final double unitsPerM;
  private final long toleranceNs;
  private final Deque<Stamped> window = new ArrayDeque<>();
  private Iterator<BagMessage> rest = Collections.emptyIterator();
  private long previousNanos = Long.MAX_VALUE;
  private int lost;
  private @Nullable String firstLoss;

  /**
   * @param unitsPerM whole units to a metre where the topic stores those
   * @param toleranceNs how far from the stamp a depth picture may be
   */
  BagDepth(Bag bag, BagImageTopic topic, double unitsPerM, long toleranceNs) {
    this.bag = bag;
    this.topic = topic;
    this.decoder = new BagPictures(topic);
    this.unitsPerM = unitsPerM;
    this.toleranceNs = toleranceNs;
  }

  /** The nearest depth picture in reach, or null; one that is damaged counts as lost. */
  @Nullable DepthMap nearest(Timestamp stamp) {
    advanceTo(stamp.nanos());
    Stamped nearest = null;
    for (Stamped candidate : window) {
      if (Math.abs(candidate.nanos - stamp.nanos()) <= toleranceNs
          && (nearest == null
              || Math.abs(candidate.nanos - stamp.nanos())
                  < Math.abs(nearest.nanos - stamp.nanos()))) {
        nearest = candidate;
      }
    }
    if (nearest == null) {
      return null;
    }
    try {
      return decoder.depth(nearest.message, unitsPerM);
    } catch (MessageFormatException e) {
      countLoss(e);
      return null;
    }
  }

  /** What was lost so far, or null. */
  @Nullable String loss() {
    return firstLoss == null
        ? null
        : "%s: %d depth pictures of topic %s could not be read; the first: %s"
            .formatted(bag.path(), lost, topic.name(), firstLoss);
  }

  private void advanceTo(long nanos) {
    if (nanos < previousNanos) {
      window.clear();
      rest = bag.messages(Set.of(topic.name()));
    }
    previousNanos = nanos;
    window.removeIf(held -> held.nanos < nanos - toleranceNs);
    long beyond = window.stream().filter(held -> held.nanos > nanos + toleranceNs).count();
    while (beyond < LOOK_AHEAD && rest.hasNext()) {
      BagMessage message = rest.next();
      try {
        long stamp = decoder.stamp(message).nanos();
        if (stamp >= nanos - toleranceNs) {
          window.add(new Stamped(stamp, message));
        }
        beyond += stamp > nanos + toleranceNs ? 1 : 0;
      } catch (MessageFormatException e) {
        countLoss(e);
      }
    }
  }

  private void countLoss(MessageFormatException e) {
    if (lost++ == 0) {
      firstLoss = e.getMessage();
    }
  }
}
