package dev.parallax.nodes.source;

/** A recording that cannot be read at all; the message is one line naming the input and remedy. */
public final class SourceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SourceException(String message) {
    super(message);
  }

  public SourceException(String message, Throwable cause) {
    super(message, cause);
  }
}
