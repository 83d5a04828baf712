package dev.parallax.nodes.codec;

import java.util.ArrayList;
import java.util.List;

/**
 * {@code rosgraph_msgs/Log}: a line on {@code /rosout}. ROS 2's log message has other fields; this
 * is ROS 1's alone.
 *
 * @param name of the node
 * @param topics that the node publishes
 */
public record RosLog(
    RosHeader header, Level level, String name, String message, List<String> topics)
    implements RosMessage {
  /** How grave a line is. */
  public enum Level {
    DEBUG(1),
    INFO(2),
    WARN(4),
    ERROR(8),
    FATAL(16);

    private final int code;

    Level(int code) {
      this.code = code;
    }
  }

  public RosLog {
    topics = List.copyOf(topics);
  }

  /**
   * @throws MessageFormatException if the message is cut short or its level is none
   */
  public static RosLog read(Ros1Input in) throws MessageFormatException {
    RosHeader header = in.header();
    Level level = level(in);
    String name = in.text("name");
    String message = in.text("msg");
    String unusedFile = in.text("file");
    String unusedFunction = in.text("function");
    long unusedLine = in.u32("line");
    int count = in.count(4, "topics");
    List<String> topics = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      topics.add(in.text("topics"));
    }
    return new RosLog(header, level, name, message, topics);
  }

  private static Level level(Ros1Input in) throws MessageFormatException {
    int code = in.u8("level");
    for (Level level : Level.values()) {
      if (level.code == code) {
        return level;
      }
    }
    throw in.refuse("level", "is %d, which is none".formatted(code));
  }

  @Override
  public Ros1Type type() {
    return Ros1Type.LOG;
  }

  @Override
  public void write(WireOutput out) {
    out.header(header).u8(level.code).text(name).text(message).text("").text("").u32(0);
    out.u32(topics.size());
    topics.forEach(out::text);
  }
}
