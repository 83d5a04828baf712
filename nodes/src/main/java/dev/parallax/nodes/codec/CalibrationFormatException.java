package dev.parallax.nodes.codec;

/** A calibration that cannot be used; the message is one line naming the file and the key. */
public final class CalibrationFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  public CalibrationFormatException(String message) {
    super(message);
  }

  public CalibrationFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
