package dev.parallax.nodes.web;

import dev.parallax.nodes.runtime.PlaybackControl;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.exceptions.ApplicationStartupException;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Serves the dashboard on 127.0.0.1 until closed: the page at {@code /}, its WebSocket at {@code
 * /live}, {@code GET /api/status} and {@code GET /health}.
 */
public final class DashboardServer implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final int PORTS_TRIED = 50;

  private final ApplicationContext context;
  private final URI address;
  private final DashboardFeed feed;

  private DashboardServer(ApplicationContext context, URI address, DashboardFeed feed) {
    this.context = context;
    this.address = address;
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
    List<Object> beans = playback == null ? List.of(sink.feed()) : List.of(sink.feed(), playback);
    int last =
        config.mayMove() && config.port() > 0
            ? Math.min(65535, config.port() + PORTS_TRIED - 1)
            : config.port();
    for (int port = config.port(); port <= last; port++) {
      if (isFree(port)) {
        DashboardServer server = tryStart(port, sink.feed(), beans);
        if (server != null) {
          return server;
        }
      }
    }
    throw new DashboardException(
        config.mayMove()
            ? "No free port for the dashboard from %d to %d; name one with --port"
                .formatted(config.port(), last)
            : "Port %d is taken; name another with --port, or leave --port out"
                .formatted(config.port()));
  }

  /** Where to point a browser, e.g. {@code http://127.0.0.1:8080/}. */
  public URI address() {
    return address;
  }

  @Override
  public void close() {
    try {
      feed.stop();
      context.getBean(DashboardSocket.class).closeAll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      context.close();
    }
  }

  /** Spares the second that a server takes to find out by itself. */
  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true); // a port in TIME_WAIT is free to a server
      probe.bind(new InetSocketAddress(InetAddress.getByName(HOST), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Null if the port was taken after all. */
  private static @Nullable DashboardServer tryStart(
      int port, DashboardFeed feed, List<Object> beans) {
    ApplicationContext context =
        ApplicationContext.builder()
            .banner(false)
            .deduceEnvironment(false)
            .properties(properties(port))
            .singletons(beans.toArray())
            .start();
    try {
      EmbeddedServer server = context.getBean(EmbeddedServer.class).start();
      feed.start();
      return new DashboardServer(
          context, URI.create("http://%s:%d/".formatted(HOST, server.getPort())), feed);
    } catch (ApplicationStartupException e) {
      context.close();
      if (e.getCause() instanceof BindException) {
        return null;
      }
      throw e;
    }
  }

  private static Map<String, Object> properties(int port) {
    return Map.of(
        "micronaut.application.name",
        "parallax-dashboard",
        "micronaut.server.host",
        HOST,
        "micronaut.server.port",
        port == 0 ? -1 : port, // Micronaut's word for any free port
        "micronaut.router.static-resources.page.paths",
        "classpath:web",
        "micronaut.router.static-resources.page.mapping",
        "/**",
        "endpoints.all.enabled",
        false,
        "endpoints.health.enabled",
        true,
        "endpoints.health.details-visible",
        "ANONYMOUS");
  }
}
