package dev.parallax.nodes.codec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code diagnostic_msgs/DiagnosticArray}. */
public record RosDiagnostics(RosHeader header, List<Status> statuses) implements RosMessage {
  private static final int LEAST_STATUS_BYTES = 17;
  private static final int LEAST_VALUE_BYTES = 8;

  /** How a part of the robot is. */
  public enum Level {
    OK,
    WARN,
    ERROR,
    STALE
  }

  /**
   * {@code diagnostic_msgs/DiagnosticStatus}.
   *
   * @param message one line for people
   * @param values in the order they are shown
   */
  public record Status(
      Level level, String name, String message, String hardwareId, Map<String, String> values) {}

  public RosDiagnostics {
    statuses = List.copyOf(statuses);
  }

  /**
   * @throws MessageFormatException if the message is cut short or a level is none
   */
  public static RosDiagnostics read(WireInput in) throws MessageFormatException {
    RosHeader header = in.header();
    int count = in.count(LEAST_STATUS_BYTES, "status");
    List<Status> statuses = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int level = in.u8("status.level");
      if (level >= Level.values().length) {
        throw in.refuse("status.level", "is %d; 0 to 3 are known".formatted(level));
      }
      statuses.add(
          new Status(
              Level.values()[level],
              in.text("status.name"),
              in.text("status.message"),
              in.text("status.hardware_id"),
              values(in)));
    }
    return new RosDiagnostics(header, statuses);
  }

  private static Map<String, String> values(WireInput in) throws MessageFormatException {
    int count = in.count(LEAST_VALUE_BYTES, "status.values");
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      values.put(in.text("status.values.key"), in.text("status.values.value"));
    }
    return values;
  }

  @Override
  public Ros1Type type() {
    return Ros1Type.DIAGNOSTIC_ARRAY;
  }

  @Override
  public void write(WireOutput out) {
    out.header(header).u32(statuses.size());
    for (Status status : statuses) {
      out.u8(status.level().ordinal())
          .text(status.name())
          .text(status.message())
          .text(status.hardwareId())
          .u32(status.values().size());
      status.values().forEach((key, value) -> out.text(key).text(value));
    }
  }
}
