package dev.parallax.nodes.cli;

/**
 * A command could not do its work for a reason the person at the keyboard can mend; the message is
 * one line with the remedy. Ends with {@link ExitStatus#FAILED}.
 */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CommandFailure(String message) {
    super(message);
  }

  public CommandFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
