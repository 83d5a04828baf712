package dev.parallax.nodes.codec;

/**
 * A {@code sensor_msgs/Image} of floats, written straight from a field's own array.
 *
 * @param channels values for each pixel, side by side
 * @param values {@code [height width channels]}; not copied until written
 */
public record RosFloatImage(RosHeader header, int height, int width, int channels, float[] values)
    implements RosMessage {
  public RosFloatImage {
    if (values.length != height * width * channels) {
      throw new IllegalArgumentException(
          "Image %dx%d of %d channels does not fit %d values"
              .formatted(width, height, channels, values.length));
    }
  }

  @Override
  public Ros1Type type() {
    return Ros1Type.IMAGE;
  }

  @Override
  public int expectedBytes() {
    return 4 * values.length + 64 + header.frameId().length();
  }

  @Override
  public void write(WireOutput out) {
    out.header(header)
        .u32(height)
        .u32(width)
        .text("32FC" + channels)
        .u8(0)
        .u32(4L * channels * width)
        .bytesOf(values);
  }
}
