package dev.parallax.nodes.codec;

/** {@code std_msgs/String}. */
public record RosText(String data) implements RosMessage {

  /**
   * @throws MessageFormatException if the message is cut short
   */
  public static RosText read(WireInput in) throws MessageFormatException {
    return new RosText(in.text("data"));
  }

  @Override
  public Ros1Type type() {
    return Ros1Type.STRING;
  }

  @Override
  public void write(WireOutput out) {
    out.text(data);
  }
}
