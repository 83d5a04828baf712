package dev.parallax.nodes.codec;

import dev.parallax.perception.geometry.Se3;

/**
 * {@code geometry_msgs/PoseWithCovarianceStamped}.
 *
 * @param T_parent_child maps points of the posed thing to the frame named in the header
 * @param covariance {@code [6 6]} row-major over (x, y, z, rotation about the parent's x, y, z)
 */
public record RosPoseWithCovariance(RosHeader header, Se3 T_parent_child, double[] covariance)
    implements RosMessage {

  /**
   * @throws MessageFormatException if the message is cut short or holds no rotation
   */
  public static RosPoseWithCovariance read(WireInput in) throws MessageFormatException {
    return new RosPoseWithCovariance(
        in.header(), RosPose.read(in, "pose.pose"), in.f64s(36, "pose.covariance"));
  }

  @Override
  public Ros1Type type() {
    return Ros1Type.POSE_WITH_COVARIANCE_STAMPED;
  }

  @Override
  public void write(WireOutput out) {
    RosPose.write(out.header(header), T_parent_child);
    out.fixedF64s(covariance);
  }
}
