package dev.parallax.nodes.ros;

/** ROS does not do what was asked; the message is one line that says what and the remedy. */
public final class RosException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RosException(String message) {
    super(message);
  }

  public RosException(String message, Throwable cause) {
    super(message, cause);
  }
}
