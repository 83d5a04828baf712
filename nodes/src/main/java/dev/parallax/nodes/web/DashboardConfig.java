package dev.parallax.nodes.web;

/**
 * Where the dashboard listens, always on loopback.
 *
 * @param port 0 for any free one
 * @param mayMove whether the next free port will do when {@code port} is taken
 */
public record DashboardConfig(int port, boolean mayMove) {
  public static final int DEFAULT_PORT = 8080;

  public DashboardConfig {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("A port is 0 to 65535, got " + port);
    }
  }

  /** Port 8080, or the next free one. */
  public static DashboardConfig defaults() {
    return new DashboardConfig(DEFAULT_PORT, true);
  }

  /** This port and no other. */
  public static DashboardConfig fixed(int port) {
    return new DashboardConfig(port, false);
  }
}
