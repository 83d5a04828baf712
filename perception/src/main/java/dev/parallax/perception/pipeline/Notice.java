package dev.parallax.perception.pipeline;

/**
 * Something a person should be told once: which scale won, that a focal length is assumed, ...
 *
 * @param topic what it is about, for those who pick
 */
public record Notice(Severity severity, Topic topic, String message) {
  /** How urgent a notice is. */
  public enum Severity {
    INFO,
    WARNING
  }

  /** What a notice is about. */
  public enum Topic {
    GENERAL,
    /** Whether the IMU's readings fit the pictures. */
    IMU,
    /** Whether the calibration fits the pictures. */
    LENS
  }

  public static Notice info(String message) {
    return info(Topic.GENERAL, message);
  }

  public static Notice info(Topic topic, String message) {
    return new Notice(Severity.INFO, topic, message);
  }

  public static Notice warning(String message) {
    return warning(Topic.GENERAL, message);
  }

  public static Notice warning(Topic topic, String message) {
    return new Notice(Severity.WARNING, topic, message);
  }

  /** The same in other words. */
  public Notice withMessage(String newMessage) {
    return new Notice(severity, topic, newMessage);
  }
}
