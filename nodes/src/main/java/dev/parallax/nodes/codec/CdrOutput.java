package dev.parallax.nodes.codec;

import java.nio.charset.StandardCharsets;

/** A ROS 2 message in plain little-endian CDR, version 1: the counterpart of {@link CdrInput}. */
public final class CdrOutput extends WireOutput {
  private static final int REPRESENTATION_BYTES = 4;

  /**
   * @param expectedBytes a guess; the output grows as needed
   */
  public CdrOutput(int expectedBytes) {
    super(expectedBytes + REPRESENTATION_BYTES);
    raw(new byte[] {0, 1, 0, 0});
  }

  @Override
  WireOutput header(RosHeader header) {
    return time(header.stamp()).text(header.frameId());
  }

  @Override
  public WireOutput text(String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    u32(text.length + 1L);
    raw(text);
    return u8(0);
  }

  @Override
  void align(int bytes) {
    raw(new byte[Math.floorMod(REPRESENTATION_BYTES - position(), bytes)]);
  }
}
