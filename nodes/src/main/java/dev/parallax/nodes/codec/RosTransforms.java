package dev.parallax.nodes.codec;

import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.List;

/** {@code tf2_msgs/TFMessage}: what travels on {@code /tf} and {@code /tf_static}. */
public record RosTransforms(List<Stamped> transforms) implements RosMessage {
  private static final int LEAST_TRANSFORM_BYTES = 16 + 7 * 8;

  /**
   * {@code geometry_msgs/TransformStamped}.
   *
   * @param T_parent_child maps points of the child to the frame named in the header
   */
  public record Stamped(RosHeader header, String childFrameId, Se3 T_parent_child) {}

  public RosTransforms {
    transforms = List.copyOf(transforms);
  }

  /**
   * @throws MessageFormatException if the message is cut short or one holds no rotation
   */
  public static RosTransforms read(WireInput in) throws MessageFormatException {
    int count = in.count(LEAST_TRANSFORM_BYTES, "transforms");
    List<Stamped> transforms = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      transforms.add(
          new Stamped(in.header(), in.text("child_frame_id"), RosPose.read(in, "transform")));
    }
    return new RosTransforms(transforms);
  }

  @Override
  public Ros1Type type() {
    return Ros1Type.TF_MESSAGE;
  }

  @Override
  public void write(WireOutput out) {
    out.u32(transforms.size());
    for (Stamped transform : transforms) {
      out.header(transform.header()).text(transform.childFrameId());
      RosPose.write(out, transform.T_parent_child());
    }
  }
}
