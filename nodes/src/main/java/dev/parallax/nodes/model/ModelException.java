package dev.parallax.nodes.model;

/** A model that cannot be used; the message is one line that names the file and the remedy. */
public final class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ModelException(String message) {
    super(message);
  }

  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
