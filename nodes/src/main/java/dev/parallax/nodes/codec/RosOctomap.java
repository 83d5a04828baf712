package dev.parallax.nodes.codec;

/** {@code octomap_msgs/Octomap}, of the binary kind: free, occupied and unknown. */
public record RosOctomap(RosHeader header, OctomapTree tree) implements RosMessage {
  private static final String KIND = "OcTree";

  /**
   * @throws MessageFormatException if the message is cut short or holds a tree of another kind
   */
  public static RosOctomap read(WireInput in) throws MessageFormatException {
    RosHeader header = in.header();
    boolean binary = in.u8("binary") != 0;
    String kind = in.text("id");
    if (!binary || !kind.equals(KIND)) {
      throw in.refuse("id", "is %s%s, not a binary OcTree".formatted(binary ? "" : "full ", kind));
    }
    double resolutionM = in.f64("resolution");
    byte[] data = in.bytes("data");
    return new RosOctomap(header, new OctomapTree(resolutionM, 0, data));
  }

  @Override
  public Ros1Type type() {
    return Ros1Type.OCTOMAP;
  }

  @Override
  public int expectedBytes() {
    return tree.data().length + 64 + header.frameId().length();
  }

  @Override
  public void write(WireOutput out) {
    out.header(header).u8(1).text(KIND).f64(tree.resolutionM()).bytes(tree.data());
  }
}
