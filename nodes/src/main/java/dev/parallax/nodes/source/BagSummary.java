package dev.parallax.nodes.source;

import dev.parallax.perception.frame.Timestamp;
import java.util.List;

/**
 * What a bag holds.
 *
 * @param start record time of the first message; 0 where there is none
 * @param end record time of the last message; 0 where there is none
 * @param topics by name
 */
public record BagSummary(Timestamp start, Timestamp end, long messageCount, List<Topic> topics) {
  /**
   * One topic.
   *
   * @param rateHz messages per second over the whole bag; NaN where it cannot be told
   */
  public record Topic(String name, String type, long count, double rateHz) {
    /** One line for people, e.g. {@code /camera/image (sensor_msgs/Image, 150 messages)}. */
    public String describe() {
      return "%s (%s, %d message%s)".formatted(name, type, count, count == 1 ? "" : "s");
    }
  }

  public BagSummary {
    topics = List.copyOf(topics);
  }

  public double durationS() {
    return end.secondsSince(start);
  }
}
