package dev.parallax.kernels;

/**
 * Extent of a buffer, row-major with interleaved channels: {@code [height width channels]}.
 *
 * @throws IllegalArgumentException if any extent is not positive, or there are more elements than
 *     an array holds
 */
public record Shape(int height, int width, int channels) {
  public Shape {
    if (height <= 0 || width <= 0 || channels <= 0) {
      throw new IllegalArgumentException(
          "Shape must be positive in every extent, got [%d %d %d]"
              .formatted(height, width, channels));
    }
    if ((double) height * width * channels > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "Shape [%d %d %d] has more than 2^31 elements: use smaller pictures"
              .formatted(height, width, channels));
    }
  }

  /** A single-channel shape {@code [height width 1]}. */
  public static Shape of(int height, int width) {
    return new Shape(height, width, 1);
  }

  public Shape withChannels(int newChannels) {
    return new Shape(height, width, newChannels);
  }

  public int pixels() {
    return height * width;
  }

  public int elements() {
    return height * width * channels;
  }

  @Override
  public String toString() {
    return "[%d %d %d]".formatted(height, width, channels);
  }
}
