package dev.parallax.nodes.ros;

import java.net.URI;

/** ROS does not do what was asked; the message is one line that says what and the remedy. */
public final class RosException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RosException(String message) {
    super(message);
  }

  public RosException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Of a graph that cannot be joined. */
  public static RosException noMaster(URI master, Exception cause) {
    return new RosException(
        "no ROS master at %s (%s); start roscore, or set ROS_MASTER_URI"
            .formatted(master, reason(cause)),
        cause);
  }

  /** Of a graph that was joined. */
  public static RosException masterSilent(URI master, Exception cause) {
    return new RosException(
        "the ROS master at %s does not answer (%s); is roscore running?"
            .formatted(master, reason(cause)),
        cause);
  }

  private static String reason(Exception cause) {
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
