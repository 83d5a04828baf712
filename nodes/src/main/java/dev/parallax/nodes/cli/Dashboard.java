package dev.parallax.nodes.cli;

import dev.parallax.nodes.runtime.Observed;
import dev.parallax.nodes.runtime.OutcomeSink;
import dev.parallax.nodes.runtime.PlaybackControl;
import dev.parallax.nodes.web.DashboardConfig;
import dev.parallax.nodes.web.DashboardException;
import dev.parallax.nodes.web.DashboardServer;
import dev.parallax.nodes.web.DashboardSink;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The web page of a run, where one was asked for; closing it takes the page down. */
final class Dashboard implements AutoCloseable {
  /** The value of {@code --web} without a port. */
  static final int ANY_PORT = -1;

  private final @Nullable DashboardSink sink;
  private final @Nullable DashboardServer server;

  private Dashboard(@Nullable DashboardSink sink, @Nullable DashboardServer server) {
    this.sink = sink;
    this.server = server;
  }

  /**
   * @param port null for no page at all, {@link #ANY_PORT} for the default or the next free one
   */
  static Dashboard startIf(@Nullable Integer port, String sourceName) {
    return startIf(port, sourceName, null);
  }

  /**
   * @param playback lets the page's address work it; null where nothing is played
   */
  static Dashboard startIf(
      @Nullable Integer port, String sourceName, @Nullable PlaybackControl playback) {
    DashboardSink sink = new DashboardSink(sourceName, System::nanoTime);
    return startIf(port, sink, playback, List.of());
  }

  /**
   * @param parts what runs beside the page, for {@code /health} and {@code /metrics}
   */
  static Dashboard startIf(
      @Nullable Integer port,
      DashboardSink sink,
      @Nullable PlaybackControl playback,
      List<? extends Observed> parts) {
    if (port == null) {
      return new Dashboard(null, null);
    }
    DashboardConfig config =
        port == ANY_PORT ? DashboardConfig.defaults() : DashboardConfig.fixed(port);
    try {
      return new Dashboard(sink, DashboardServer.start(config, sink, playback, parts));
    } catch (DashboardException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  /** Lets the page see the run, and says where it is. */
  void addTo(List<OutcomeSink> sinks, PrintWriter err) {
    if (sink != null) {
      sinks.add(sink);
    }
    announce(err);
  }

  /** Says where the page is, if there is one. */
  void announce(PrintWriter err) {
    if (server != null) {
      err.println("dashboard: " + server.address());
      err.flush();
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
