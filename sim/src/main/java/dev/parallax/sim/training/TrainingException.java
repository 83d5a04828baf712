package dev.parallax.sim.training;

/** A training that cannot begin, go on or be kept; the message names the file and the remedy. */
public final class TrainingException extends Exception {
  private static final long serialVersionUID = 1;

  public TrainingException(String message, Throwable cause) {
    super(message, cause);
  }

  public TrainingException(String message) {
    super(message);
  }
}
