package dev.parallax.perception.pipeline;

/** Something a person should be told once: which scale won, that a focal length is assumed, ... */
public record Notice(Severity severity, String message) {
  /** How urgent a notice is. */
  public enum Severity {
    INFO,
    WARNING
  }

  public static Notice info(String message) {
    return new Notice(Severity.INFO, message);
  }

  public static Notice warning(String message) {
    return new Notice(Severity.WARNING, message);
  }
}
