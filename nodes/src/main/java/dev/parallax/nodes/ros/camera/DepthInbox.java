package dev.parallax.nodes.ros.camera;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.RosCompressedImage;
import dev.parallax.nodes.codec.RosDepth;
import dev.parallax.nodes.codec.RosImage;
import dev.parallax.nodes.ros.RosDelivery;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Timestamp;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The last few depth pictures of a topic, of which a picture takes the one nearest in time. */
final class DepthInbox {
  private static final int KEPT = 8;

  /** Nothing further away belongs to a picture: half a frame at 30 Hz. */
  private static final long TOLERANCE_NS = 17_000_000L;

  private static final long PATIENCE_NS = 100_000_000L;

  private record Arrived(
      Timestamp stamp, @Nullable RosImage raw, @Nullable RosCompressedImage compressed) {}

  private final String topic;
  private final double unitsPerM;
  private final RosDepth codec = new RosDepth();
  private final Deque<Arrived> kept = new ArrayDeque<>();
  private @Nullable String loss;

  DepthInbox(String topic, double unitsPerM) {
    this.topic = topic;
    this.unitsPerM = unitsPerM;
  }

  boolean isCompressed() {
    return topic.endsWith("/compressed") || topic.endsWith("/compressedDepth");
  }

  String topic() {
    return topic;
  }

  /** A message of the topic. */
  void accept(RosDelivery delivery) {
    try {
      Arrived arrived;
      if (isCompressed()) {
        RosCompressedImage image = RosCompressedImage.read(delivery.message(), topic);
        arrived = new Arrived(image.header().stamp(), null, image);
      } else {
        RosImage image = RosImage.read(delivery.message(), topic);
        arrived = new Arrived(image.header().stamp(), image, null);
      }
      keep(arrived);
    } catch (MessageFormatException e) {
      lose(e);
    }
  }

  private synchronized void keep(Arrived arrived) {
    if (kept.size() == KEPT) {
      kept.removeFirst();
    }
    kept.addLast(arrived);
    notifyAll();
  }

  /** The depth that belongs to a picture, waiting a moment for it; null if none comes. */
  @Nullable DepthMap nearest(Timestamp stamp) throws InterruptedException {
    Arrived nearest = await(stamp);
    if (nearest == null) {
      return null;
    }
    try {
      return nearest.raw != null
          ? codec.depth(nearest.raw, unitsPerM, topic)
          : nearest.compressed == null ? null : codec.depth(nearest.compressed, unitsPerM, topic);
    } catch (MessageFormatException e) {
      lose(e);
      return null;
    }
  }

  /** Why the first message that could not be used could not be; null if all could. */
  synchronized @Nullable String loss() {
    return loss;
  }

  private synchronized void lose(MessageFormatException e) {
    if (loss == null) {
      loss = "depth could not be used: " + e.getMessage();
    }
  }

  private synchronized @Nullable Arrived await(Timestamp stamp) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NS;
    while (kept.isEmpty() || stamp.isAfter(kept.getLast().stamp)) {
      long leftNs = deadline - System.nanoTime();
      if (leftNs <= 0) {
        break;
      }
      TimeUnit.NANOSECONDS.timedWait(this, leftNs);
    }
    Arrived nearest = null;
    for (Arrived candidate : kept) {
      if (distance(candidate, stamp) <= TOLERANCE_NS
          && (nearest == null || distance(candidate, stamp) < distance(nearest, stamp))) {
        nearest = candidate;
      }
    }
    return nearest;
  }

  private static long distance(Arrived arrived, Timestamp stamp) {
    return Math.abs(arrived.stamp.nanos() - stamp.nanos());
  }
}
