package dev.parallax.nodes.runtime;

import java.util.List;

/**
 * What was seen, and what is wrong with it.
 *
 * @param seen lines for a person
 */
public record DoctorReport(List<String> seen, List<Finding> findings) {
  public DoctorReport {
    seen = List.copyOf(seen);
    findings = List.copyOf(findings);
  }

  /** Whether nothing is there that would keep the node from working, or from being right. */
  public boolean isHealthy() {
    return findings.stream().noneMatch(f -> f.severity() == Finding.Severity.ERROR);
  }
}
