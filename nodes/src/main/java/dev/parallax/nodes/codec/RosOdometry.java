package dev.parallax.nodes.codec;

import dev.parallax.perception.frame.CameraMotion;
import dev.parallax.perception.geometry.Se3;
import java.util.Optional;

/**
 * {@code nav_msgs/Odometry}.
 *
 * @param childFrameId the frame that moves; the twist is along its axes
 * @param T_parent_child maps points of the child to the frame named in the header
 * @param poseCovariance {@code [6 6]} row-major over (x, y, z, rotation about the parent's x, y, z)
 * @param twist velocity m/s along x, y, z, then rad/s about them, of the child in its own axes
 * @param twistCovariance {@code [6 6]} row-major, of the twist
 */
public record RosOdometry(
    RosHeader header,
    String childFrameId,
    Se3 T_parent_child,
    double[] poseCovariance,
    double[] twist,
    double[] twistCovariance)
    implements RosMessage {

  /** Says of a twist that there is none. */
  private static final double UNKNOWN_VARIANCE = 1e6;

  /**
   * @param motion of the child; without one the twist is 0 with a covariance that says so
   */
  public static RosOdometry of(
      RosHeader header,
      String childFrameId,
      Se3 T_parent_child,
      double[] poseCovariance,
      Optional<CameraMotion> motion) {
    return new RosOdometry(
        header,
        childFrameId,
        T_parent_child,
        poseCovariance,
        motion.map(CameraMotion::twist).orElseGet(() -> new double[6]),
        motion.map(CameraMotion::twistCovariance).orElseGet(RosOdometry::unknown));
  }

  private static double[] unknown() {
    double[] covariance = new double[36];
    for (int i = 0; i < 6; i++) {
      covariance[7 * i] = UNKNOWN_VARIANCE;
    }
    return covariance;
  }

  /**
   * @throws MessageFormatException if the message is cut short or holds no rotation
   */
  public static RosOdometry read(WireInput in) throws MessageFormatException {
    return new RosOdometry(
        in.header(),
        in.text("child_frame_id"),
        RosPose.read(in, "pose.pose"),
        in.f64s(36, "pose.covariance"),
        in.f64s(6, "twist.twist"),
        in.f64s(36, "twist.covariance"));
  }

  @Override
  public Ros1Type type() {
    return Ros1Type.ODOMETRY;
  }

  @Override
  public int expectedBytes() {
    return 1024;
  }

  @Override
  public void write(WireOutput out) {
    RosPose.write(out.header(header).text(childFrameId), T_parent_child);
    out.fixedF64s(poseCovariance).fixedF64s(twist).fixedF64s(twistCovariance);
  }
}
