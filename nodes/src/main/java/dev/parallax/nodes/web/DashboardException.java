package dev.parallax.nodes.web;

/** The dashboard cannot be served; the message is one line with the remedy. */
public final class DashboardException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DashboardException(String message) {
    super(message);
  }
}
