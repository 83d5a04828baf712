package dev.parallax.nodes.codec;

/**
 * {@code geometry_msgs/TwistStamped}.
 *
 * @param twist velocity m/s along x, y, z of the header's frame, then rad/s about them
 */
public record RosTwist(RosHeader header, double[] twist) implements RosMessage {

  /**
   * @throws MessageFormatException if the message is cut short
   */
  public static RosTwist read(WireInput in) throws MessageFormatException {
    return new RosTwist(in.header(), in.f64s(6, "twist"));
  }

  @Override
  public Ros1Type type() {
    return Ros1Type.TWIST_STAMPED;
  }

  @Override
  public void write(WireOutput out) {
    out.header(header).fixedF64s(twist);
  }
}
