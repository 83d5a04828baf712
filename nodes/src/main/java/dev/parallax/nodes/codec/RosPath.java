package dev.parallax.nodes.codec;

import java.util.ArrayList;
import java.util.List;

/** {@code nav_msgs/Path}. */
public record RosPath(RosHeader header, List<RosPoseStamped> poses) implements RosMessage {
  /** A stamp, an empty frame name, a position and a rotation; ROS 2's form is no shorter. */
  private static final int LEAST_POSE_BYTES = 12 + 7 * 8;

  public RosPath {
    poses = List.copyOf(poses);
  }

  /**
   * @throws MessageFormatException if the message is cut short or holds no rotation
   */
  public static RosPath read(WireInput in) throws MessageFormatException {
    RosHeader header = in.header();
    int count = in.count(LEAST_POSE_BYTES, "poses");
    List<RosPoseStamped> poses = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      poses.add(RosPoseStamped.read(in));
    }
    return new RosPath(header, poses);
  }

  @Override
  public Ros1Type type() {
    return Ros1Type.PATH;
  }

  @Override
  public int expectedBytes() {
    return 64 + (80 + header.frameId().length()) * poses.size();
  }

  @Override
  public void write(WireOutput out) {
    out.header(header).u32(poses.size());
    poses.forEach(pose -> pose.write(out));
  }
}
