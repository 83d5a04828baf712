package dev.parallax.perception.prior;

/** A network that cannot be run; the message is one line that says what is wrong with it. */
public final class PriorException extends Exception {
  private static final long serialVersionUID = 1;

  public PriorException(String message) {
    super(message);
  }

  public PriorException(String message, Throwable cause) {
    super(message, cause);
  }
}
