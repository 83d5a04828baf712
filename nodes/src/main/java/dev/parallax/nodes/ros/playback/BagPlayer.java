package dev.parallax.nodes.ros.playback;

import dev.parallax.nodes.codec.MessageDecoder;
import dev.parallax.nodes.ros.PublishOptions;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.RosPublisher;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.runtime.PlaybackControl;
import dev.parallax.nodes.source.SourceException;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagChannel;
import dev.parallax.nodes.source.bag.BagMessage;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * Publishes the messages of a bag as they were recorded, byte for byte, each when it is due. Topics
 * that were latched are latched again. One thread.
 */
public final class BagPlayer implements AutoCloseable {
  private static final PublishOptions QUEUE = PublishOptions.queue(100);
  private static final double NANOS_PER_SECOND = 1e9;

  private final Bag bag;
  private final Map<String, RosPublisher> publishers = new LinkedHashMap<>();
  private final Map<Integer, RosPublisher> byChannel = new HashMap<>();

  /**
   * Announces the topics.
   *
   * @param channels of the bag, to be played
   * @throws SourceException if one does not hold ROS 1 messages with their checksum
   */
  public BagPlayer(Bag bag, List<BagChannel> channels, RosNode node) {
    this.bag = bag;
    channels.forEach(channel -> requireRos1(bag, channel));
    for (BagChannel channel : channels) {
      byChannel.put(
          channel.id(),
          publishers.computeIfAbsent(
              channel.topic(),
              topic ->
                  node.advertise(
                      topic,
                      new RosType(channel.type(), channel.md5(), channel.definition()),
                      isLatched(channel) ? PublishOptions.latch() : QUEUE)));
    }
  }

  /**
   * Plays once from begin to end.
   *
   * @param startS begins so many seconds after the first message
   * @param durationS ends after so many seconds; may be infinite
   * @param progress told how many messages were published
   * @param stopping asked before each message
   * @return how many messages were published
   */
  public long play(
      double startS,
      double durationS,
      PlaybackControl control,
      LongConsumer progress,
      BooleanSupplier stopping)
      throws InterruptedException {
    long beginNs = bag.summary().start().nanos() + (long) (startS * NANOS_PER_SECOND);
    double endNs = beginNs + durationS * NANOS_PER_SECOND;
    long published = 0;
    Iterator<BagMessage> messages = bag.messages(channel -> byChannel.containsKey(channel.id()));
    while (messages.hasNext() && !stopping.getAsBoolean()) {
      BagMessage message = messages.next();
      long timeNs = message.recordTime().nanos();
      RosPublisher publisher = byChannel.get(message.channel().id());
      if (timeNs >= endNs) {
        break;
      }
      if (timeNs >= beginNs && publisher != null) {
        control.awaitDue(timeNs);
        if (stopping.getAsBoolean()) {
          break;
        }
        publisher.publish(message.data());
        progress.accept(++published);
      }
    }
    return published;
  }

  /** Messages that slow subscribers did not get. */
  public long dropped() {
    return publishers.values().stream().mapToLong(RosPublisher::dropped).sum();
  }

  @Override
  public void close() {
    publishers.values().forEach(RosPublisher::close);
  }

  private static boolean isLatched(BagChannel channel) {
    return "1".equals(channel.metadata().get("latching"));
  }

  private static void requireRos1(Bag bag, BagChannel channel) {
    if (!channel.encoding().equals(MessageDecoder.ROS1) || channel.md5().isEmpty()) {
      throw new SourceException(
          ("%s: topic %s holds %s messages%s, which cannot go into ROS 1; name others with --topics")
              .formatted(
                  bag.path(),
                  channel.topic(),
                  channel.encoding(),
                  channel.md5().isEmpty() ? " without a checksum" : ""));
    }
  }
}
