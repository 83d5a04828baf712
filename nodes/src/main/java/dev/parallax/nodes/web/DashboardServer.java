package dev.parallax.nodes.web;

import dev.parallax.nodes.runtime.Observed;
import dev.parallax.nodes.runtime.PlaybackControl;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Serves the dashboard on 127.0.0.1 until closed: the page at {@code /}, its WebSocket at {@code
 * /live}, {@code GET /api/status}, {@code GET /health} and {@code GET /metrics}.
 */
public final class DashboardServer implements AutoCloseable {
  private final LoopbackServer server;
  private final DashboardFeed feed;

  private DashboardServer(LoopbackServer server, DashboardFeed feed) {
    this.server = server;
    this.feed = feed;
  }

  /**
   * Starts to serve what {@code sink} is given.
   *
   * @throws DashboardException if the port, or each one tried, is taken
   */
  public static DashboardServer start(DashboardConfig config, DashboardSink sink) {
    return start(config, sink, null);
  }

  /**
   * The same, with {@code /api/playback} to work a recording's playback by.
   *
   * @param playback null where nothing is played
   */
  public static DashboardServer start(
      DashboardConfig config, DashboardSink sink, @Nullable PlaybackControl playback) {
    return start(config, sink, playback, List.of());
  }

  /**
   * The same, with the figures of what runs beside the page at {@code /metrics} and its state at
   * {@code /health}.
   */
  public static DashboardServer start(
      DashboardConfig config,
      DashboardSink sink,
      @Nullable PlaybackControl playback,
      List<? extends Observed> parts) {
    List<Observed> all = new ArrayList<>(parts);
    all.add(sink.feed());
    List<Object> beans = new ArrayList<>(List.of(sink.feed(), new Parts(all)));
    if (playback != null) {
      beans.add(playback);
    }
    LoopbackServer server = LoopbackServer.start(config, beans, List.of("classpath:web"));
    sink.feed().start();
    return new DashboardServer(server, sink.feed());
  }

  /** Where to point a browser, e.g. {@code http://127.0.0.1:8080/}. */
  public URI address() {
    return server.address();
  }

  @Override
  public void close() {
    try {
      feed.stop();
      server.bean(DashboardSocket.class).closeAll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      server.close();
    }
  }
}
