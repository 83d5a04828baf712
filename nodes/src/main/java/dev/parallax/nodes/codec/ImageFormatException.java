package dev.parallax.nodes.codec;

/**
 * A picture's bytes cannot be used. The message says what is wrong with them in one line; the
 * caller, who knows it, adds the file or topic.
 */
public final class ImageFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  public ImageFormatException(String message) {
    super(message);
  }

  public ImageFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
