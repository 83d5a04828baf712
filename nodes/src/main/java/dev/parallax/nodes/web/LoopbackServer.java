package dev.parallax.nodes.web;

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

/** A web server on 127.0.0.1, with the controllers whose beans are there; serves until closed. */
final class LoopbackServer implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final int PORTS_TRIED = 50;

  private final ApplicationContext context;
  private final URI address;

  private LoopbackServer(ApplicationContext context, URI address) {
    this.context = context;
    this.address = address;
  }

  /**
   * @param beans what the controllers work on
   * @param pages folders of static files; the first that has a file wins
   * @throws DashboardException if the port, or each one tried, is taken
   */
  static LoopbackServer start(DashboardConfig config, List<Object> beans, List<String> pages) {
    int last =
        config.mayMove() && config.port() > 0
            ? Math.min(65535, config.port() + PORTS_TRIED - 1)
            : config.port();
    for (int port = config.port(); port <= last; port++) {
      if (isFree(port)) {
        LoopbackServer server = tryStart(port, beans, pages);
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

  URI address() {
    return address;
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  @Override
  public void close() {
    context.close();
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
  private static @Nullable LoopbackServer tryStart(
      int port, List<Object> beans, List<String> pages) {
    ApplicationContext context =
        ApplicationContext.builder()
            .banner(false)
            .deduceEnvironment(false)
            .properties(properties(port, pages))
            .singletons(beans.toArray())
            .start();
    try {
      EmbeddedServer server = context.getBean(EmbeddedServer.class).start();
      return new LoopbackServer(
          context, URI.create("http://%s:%d/".formatted(HOST, server.getPort())));
    } catch (ApplicationStartupException e) {
      context.close();
      if (e.getCause() instanceof BindException) {
        return null;
      }
      throw e;
    }
  }

  private static Map<String, Object> properties(int port, List<String> pages) {
    return Map.of(
        "micronaut.application.name",
        "parallax-dashboard",
        "micronaut.server.host",
        HOST,
        "micronaut.server.port",
        port == 0 ? -1 : port, // Micronaut's word for any free port
        "micronaut.router.static-resources.page.paths",
        pages,
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
