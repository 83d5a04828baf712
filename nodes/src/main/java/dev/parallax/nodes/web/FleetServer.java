package dev.parallax.nodes.web;

import dev.parallax.nodes.fleet.FleetBoard;
import java.net.URI;
import java.util.List;

/**
 * Serves the page of many nodes on 127.0.0.1 until closed: the page at {@code /}, {@code GET
 * /api/fleet}, {@code GET /health} and {@code GET /metrics}.
 */
public final class FleetServer implements AutoCloseable {
  private final LoopbackServer server;

  private FleetServer(LoopbackServer server) {
    this.server = server;
  }

  /**
   * @throws DashboardException if the port, or each one tried, is taken
   */
  public static FleetServer start(DashboardConfig config, FleetBoard board) {
    // Style, icon and colours are those of one node's page.
    List<String> pages = List.of("classpath:fleet", "classpath:web");
    return new FleetServer(
        LoopbackServer.start(config, List.of(board, new Parts(List.of(board))), pages));
  }

  /** Where to point a browser. */
  public URI address() {
    return server.address();
  }

  @Override
  public void close() {
    server.close();
  }
}
