package dev.parallax.nodes.codec;

import java.nio.charset.StandardCharsets;

/** A ROS 1 message: the counterpart of {@link Ros1Input}. */
public final class Ros1Output extends WireOutput {
  /**
   * @param expectedBytes a guess; the output grows as needed
   */
  public Ros1Output(int expectedBytes) {
    super(expectedBytes);
  }

  @Override
  WireOutput header(RosHeader header) {
    return u32(header.seq()).time(header.stamp()).text(header.frameId());
  }

  @Override
  public WireOutput text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  void align(int bytes) {
    // ROS 1 packs its fields.
  }
}
