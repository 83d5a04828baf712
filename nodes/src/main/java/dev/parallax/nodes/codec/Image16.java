package dev.parallax.nodes.codec;

/**
 * A 16-bit image, row-major, no padding between rows.
 *
 * @param channels 1 (depth) or 3 (in the order of the file: red, green, blue)
 * @param data {@code [height width channels]} unsigned: read with {@link #unsigned} or {@code &
 *     0xffff}; not copied, so the maker must not write to it again
 * @throws IllegalArgumentException if {@code data} does not have exactly height*width*channels
 *     values
 */
public record Image16(int width, int height, int channels, short[] data) {
  public Image16 {
    if (width <= 0 || height <= 0 || (channels != 1 && channels != 3)) {
      throw new IllegalArgumentException(
          "A 16-bit image of %dx%d with %d channels is not one".formatted(width, height, channels));
    }
    long expected = (long) width * height * channels;
    if (data.length != expected) {
      throw new IllegalArgumentException(
          "16-bit image %dx%dx%d needs %d values, got %d"
              .formatted(width, height, channels, expected, data.length));
    }
  }

  /** The value at {@code index}, 0..65535. */
  public int unsigned(int index) {
    return Short.toUnsignedInt(data[index]);
  }
}
