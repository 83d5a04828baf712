package dev.parallax.nodes.source.bag;

import dev.parallax.nodes.codec.MessageDecoder;
import dev.parallax.perception.frame.Timestamp;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a bag holds.
 *
 * @param start record time of the first message; 0 where there is none
 * @param end record time of the last message; 0 where there is none
 * @param topics by name
 * @param chunks how many chunks are stored in which compression; empty where the format has none
 */
public record BagSummary(
    Timestamp start,
    Timestamp end,
    long messageCount,
    List<Topic> topics,
    Map<String, Long> chunks) {
  /**
   * One topic.
   *
   * @param type as the recorder wrote it, e.g. {@code sensor_msgs/Image}
   * @param encoding how its messages are serialised, as {@link BagChannel#encoding} has it
   * @param rateHz messages per second over the whole bag; NaN where it cannot be told
   */
  public record Topic(String name, String type, String encoding, long count, double rateHz) {
    /** Decodes its messages. */
    public MessageDecoder decoder() {
      return new MessageDecoder(encoding, type, name);
    }

    /** One line for people, e.g. {@code /camera/image (sensor_msgs/Image, 150 messages)}. */
    public String describe() {
      return "%s (%s, %d message%s)".formatted(name, type, count, count == 1 ? "" : "s");
    }
  }

  public BagSummary {
    topics = List.copyOf(topics);
    chunks = Map.copyOf(chunks);
  }

  public double durationS() {
    return end.secondsSince(start);
  }

  /** Adds up what the chunks or the statistics of a bag say. Used once. */
  public static final class Builder {
    private final Collection<BagChannel> channels;
    private final Map<Integer, Long> counts = new LinkedHashMap<>();
    private final Map<String, Long> chunks = new TreeMap<>();
    private long startNs = Long.MAX_VALUE;
    private long endNs = Long.MIN_VALUE;

    public Builder(Collection<BagChannel> channels) {
      this.channels = channels;
    }

    /** Adds a chunk's messages, by channel. */
    public void addChunk(String compression, long start, long end, Map<Integer, Long> messages) {
      chunks.merge(compression, 1L, Long::sum);
      addMessages(start, end, messages);
    }

    /** Adds messages, by channel, recorded from {@code start} to {@code end} nanoseconds. */
    public void addMessages(long start, long end, Map<Integer, Long> messages) {
      startNs = Math.min(startNs, start);
      endNs = Math.max(endNs, end);
      messages.forEach((id, count) -> counts.merge(id, count, Long::sum));
    }

    public BagSummary build() {
      boolean empty = startNs > endNs;
      double durationS = empty ? 0 : (endNs - startNs) / 1e9;
      Map<String, Topic> topics = new TreeMap<>();
      for (BagChannel channel : channels) {
        Topic before = topics.get(channel.topic());
        long count = counts.getOrDefault(channel.id(), 0L) + (before == null ? 0 : before.count());
        double rateHz = count > 1 && durationS > 0 ? (count - 1) / durationS : Double.NaN;
        topics.put(
            channel.topic(),
            new Topic(channel.topic(), channel.type(), channel.encoding(), count, rateHz));
      }
      return new BagSummary(
          new Timestamp(empty ? 0 : startNs),
          new Timestamp(empty ? 0 : endNs),
          counts.values().stream().mapToLong(Long::longValue).sum(),
          new ArrayList<>(topics.values()),
          chunks);
    }
  }
}
