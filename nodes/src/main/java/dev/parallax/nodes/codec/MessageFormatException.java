package dev.parallax.nodes.codec;

/** A message cannot be used; the message names the topic, the field and what is wrong. */
public final class MessageFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  public MessageFormatException(String message) {
    super(message);
  }

  public MessageFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
