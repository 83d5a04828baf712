package dev.parallax.nodes.runtime;

/**
 * Something about an input that is missing or odd.
 *
 * @param subject the topic, transform, node or recording
 * @param problem what is wrong with it
 * @param remedy what to do
 */
public record Finding(Severity severity, String subject, String problem, String remedy) {
  /** How much it matters. */
  public enum Severity {
    ERROR,
    WARNING
  }

  /** What keeps the node from working, or from being right. */
  public static Finding error(String subject, String problem, String remedy) {
    return new Finding(Severity.ERROR, subject, problem, remedy);
  }

  /** What may be meant. */
  public static Finding warning(String subject, String problem, String remedy) {
    return new Finding(Severity.WARNING, subject, problem, remedy);
  }

  @Override
  public String toString() {
    return "%-7s  %s: %s; %s".formatted(severity, subject, problem, remedy);
  }
}
