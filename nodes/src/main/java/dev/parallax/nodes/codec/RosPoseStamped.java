package dev.parallax.nodes.codec;

import dev.parallax.perception.geometry.Se3;
import java.nio.ByteBuffer;

/**
 * {@code geometry_msgs/PoseStamped}.
 *
 * @param T_parent_child maps points of the posed thing to the frame named in the header
 */
public record RosPoseStamped(RosHeader header, Se3 T_parent_child) implements RosMessage {

  /**
   * @throws MessageFormatException if the message is cut short or holds no rotation
   */
  public static RosPoseStamped read(ByteBuffer message, String topic)
      throws MessageFormatException {
    return read(new Ros1Input(message, topic, Ros1Type.POSE_STAMPED.typeName()));
  }

  /** The same from either wire form. */
  public static RosPoseStamped read(WireInput in) throws MessageFormatException {
    return new RosPoseStamped(in.header(), RosPose.read(in, "pose"));
  }

  @Override
  public Ros1Type type() {
    return Ros1Type.POSE_STAMPED;
  }

  @Override
  public void write(WireOutput out) {
    RosPose.write(out.header(header), T_parent_child);
  }
}
