package dev.parallax.nodes.codec;

import dev.parallax.perception.frame.Timestamp;

/** {@code rosgraph_msgs/Clock}: the time of a simulation or a recording that plays. */
public record RosClockMessage(Timestamp clock) implements RosMessage {

  /**
   * @throws MessageFormatException if the message is cut short
   */
  public static RosClockMessage read(WireInput in) throws MessageFormatException {
    return new RosClockMessage(in.time("clock"));
  }

  @Override
  public Ros1Type type() {
    return Ros1Type.CLOCK;
  }

  @Override
  public void write(WireOutput out) {
    out.time(clock);
  }
}
