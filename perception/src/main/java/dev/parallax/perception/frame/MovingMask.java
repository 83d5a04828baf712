package dev.parallax.perception.frame;

/**
 * Which pixels show something that moves by itself.
 *
 * @param labels {@code [height width]} one of {@link #MOVING}, {@link #STATIC}, {@link #UNKNOWN}
 */
public record MovingMask(int width, int height, byte[] labels) {
  public static final byte MOVING = (byte) 255;
  public static final byte STATIC = 0;
  public static final byte UNKNOWN = 127;

  public MovingMask {
    if (labels.length != width * height) {
      throw new IllegalArgumentException(
          "MovingMask %dx%d needs %d labels, got %d"
              .formatted(width, height, width * height, labels.length));
    }
  }
}
