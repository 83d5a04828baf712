package dev.parallax.perception.frame;

/**
 * An 8-bit picture, row-major, no padding between rows.
 *
 * @param data {@code [height width channels]}; not copied, so the maker must not write to it again
 * @throws IllegalArgumentException if {@code data} does not have exactly height*width*channels
 *     bytes
 */
public record Picture(int width, int height, Format format, byte[] data) {
  /** Pixel layouts the pipeline takes; every other encoding is converted at the edge. */
  public enum Format {
    MONO8(1),
    BGR8(3);

    private final int channels;

    Format(int channels) {
      this.channels = channels;
    }

    public int channels() {
      return channels;
    }
  }

  public Picture {
    if (width <= 0 || height <= 0) {
      throw new IllegalArgumentException("Picture of %dx%d has no pixels".formatted(width, height));
    }
    long expected = (long) width * height * format.channels();
    if (data.length != expected) {
      throw new IllegalArgumentException(
          "Picture %dx%d %s needs %d bytes, got %d"
              .formatted(width, height, format, expected, data.length));
    }
  }
}
