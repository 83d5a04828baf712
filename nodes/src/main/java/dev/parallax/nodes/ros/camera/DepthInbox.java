package dev.parallax.nodes.ros.camera;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosCompressedImage;
import dev.parallax.nodes.codec.RosDepth;
import dev.parallax.nodes.codec.RosImage;
import dev.parallax.nodes.ros.RosDelivery;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Timestamp;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The last few depth pictures of a topic, of which a picture takes the one nearest in time. */
final class DepthInbox extends SensorInbox {
  private static final int KEPT = 8;

  /** Nothing further away belongs to a picture: half a frame at 30 Hz. */
  private static final long TOLERANCE_NS = 17_000_000L;

  private static final long PATIENCE_NS = 100_000_000L;

  private record Arrived(
      Timestamp stamp, @Nullable RosImage raw, @Nullable RosCompressedImage compressed) {}

  private final double unitsPerM;
  private final RosDepth codec = new RosDepth();
  private final Deque<Arrived> kept = new ArrayDeque<>();

  DepthInbox(String topic, double unitsPerM) {
    super(topic);
    this.unitsPerM = unitsPerM;
  }

  private boolean isCompressed() {
    return topic().endsWith("/compressed") || topic().endsWith("/compressedDepth");
  }

  @Override
  RosType type() {
    return RosType.of(isCompressed() ? Ros1Type.COMPRESSED_IMAGE : Ros1Type.IMAGE);
  }

  @Override
  void take(RosDelivery delivery) throws MessageFormatException {
    if (isCompressed()) {
      RosCompressedImage image = RosCompressedImage.read(delivery.message(), topic());
      keep(new Arrived(image.header().stamp(), null, image));
    } else {
      RosImage image = RosImage.read(delivery.message(), topic());
      keep(new Arrived(image.header().stamp(), image, null));
    }
  }

  /** Depth is found by its stamp, and what is old soon goes. */
  @Override
  void forget() {}

  @Override
  String described(MessageFormatException e) {
    return "depth could not be used: " + e.getMessage();
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
          ? codec.depth(nearest.raw, unitsPerM, topic())
          : nearest.compressed == null ? null : codec.depth(nearest.compressed, unitsPerM, topic());
    } catch (MessageFormatException e) {
      lose(e);
      return null;
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
