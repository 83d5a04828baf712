package dev.parallax.nodes.ros.doctor;

/**
 * Something that is missing or odd.
 *
 * @param subject the topic, transform or node
 * @param problem what is wrong with it
 * @param remedy what to do
 */
public record Finding(Severity severity, String subject, String problem, String remedy) {
  /** How much it matters. */
  public enum Severity {
    ERROR,
    WARNING
  }

  static Finding error(String subject, String problem, String remedy) {
    return new Finding(Severity.ERROR, subject, problem, remedy);
  }

  static Finding warning(String subject, String problem, String remedy) {
    return new Finding(Severity.WARNING, subject, problem, remedy);
  }

  @Override
  public String toString() {
    return "%-7s  %s: %s; %s".formatted(severity, subject, problem, remedy);
  }
}
