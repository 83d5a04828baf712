package dev.parallax.nodes.codec;

/** The rows of a {@link RosImage} without the padding between them. */
final class PackedRows {
  /** More pixels than any camera has; a larger picture is damage. */
  private static final long MAX_PIXELS = 1L << 28;

  private PackedRows() {}

  /**
   * @return {@code [height width bytesPerPixel]}; the message's own array where it has no padding
   * @throws MessageFormatException if the message's sizes contradict one another or its data ends
   *     early
   */
  static byte[] of(RosImage image, int bytesPerPixel, String topic) throws MessageFormatException {
    long rowBytes = (long) image.width() * bytesPerPixel;
    if (image.width() <= 0
        || image.height() <= 0
        || (long) image.width() * image.height() > MAX_PIXELS) {
      throw new MessageFormatException(
          "topic %s: picture of %dx%d; check the publisher"
              .formatted(topic, image.width(), image.height()));
    }
    if (image.step() < rowBytes) {
      throw new MessageFormatException(
          "topic %s: step is %d bytes but a row of %d pixels %s takes %d; check the publisher"
              .formatted(topic, image.step(), image.width(), image.encoding(), rowBytes));
    }
    long needed = image.step() * (image.height() - 1) + rowBytes;
    byte[] data = image.data();
    if (data.length < needed) {
      throw new MessageFormatException(
          "topic %s: picture cut short: %dx%d %s needs %d bytes, data has %d; check the publisher"
              .formatted(
                  topic, image.width(), image.height(), image.encoding(), needed, data.length));
    }
    if (image.step() == rowBytes && data.length == needed) {
      return data;
    }
    byte[] packed = new byte[(int) (rowBytes * image.height())];
    for (int row = 0; row < image.height(); row++) {
      System.arraycopy(
          data, (int) (row * image.step()), packed, (int) (row * rowBytes), (int) rowBytes);
    }
    return packed;
  }
}
