package dev.parallax.nodes.codec;

import dev.parallax.perception.geometry.Se3;
import java.nio.ByteBuffer;

/**
 * {@code geometry_msgs/PoseStamped}.
 *
 * @param T_parent_child maps points of the posed thing to the frame named in the header
 */
public record RosPoseStamped(RosHeader header, Se3 T_parent_child) {

  /**
   * @throws MessageFormatException if the message is cut short or holds no rotation
   */
  public static RosPoseStamped read(ByteBuffer message, String topic)
      throws MessageFormatException {
    Ros1Input in = new Ros1Input(message, topic, Ros1Type.POSE_STAMPED.typeName());
    RosHeader header = RosHeader.read(in);
    double[] p = in.f64s(3, "pose.position");
    double[] q = in.f64s(4, "pose.orientation");
    double norm = q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3];
    if (!(norm > 0) || Double.isInfinite(norm)) {
      throw in.refuse("pose.orientation", "is no rotation");
    }
    if (!Double.isFinite(p[0] + p[1] + p[2])) {
      throw in.refuse("pose.position", "is not finite");
    }
    return new RosPoseStamped(header, Se3.ofQuaternion(q[0], q[1], q[2], q[3], p[0], p[1], p[2]));
  }

  public byte[] toBytes() {
    Ros1Output out = new Ros1Output(128);
    header.write(out);
    return out.fixedF64s(T_parent_child.translation())
        .fixedF64s(T_parent_child.quaternion())
        .toBytes();
  }
}
