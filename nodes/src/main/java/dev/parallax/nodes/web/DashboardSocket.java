package dev.parallax.nodes.web;

import io.micronaut.websocket.WebSocketSession;
import io.micronaut.websocket.annotation.OnClose;
import io.micronaut.websocket.annotation.OnError;
import io.micronaut.websocket.annotation.OnMessage;
import io.micronaut.websocket.annotation.OnOpen;
import io.micronaut.websocket.annotation.ServerWebSocket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live connection of a page: {@link DashboardMessage}s go out, and for each one that the page
 * has drawn it sends back one text message, {@code drawn}.
 */
@ServerWebSocket("/live")
class DashboardSocket {
  private static final Logger LOG = LoggerFactory.getLogger(DashboardSocket.class);
  private static final String DRAWN = "drawn";

  private final DashboardFeed feed;
  private final Map<String, Viewer> viewers = new ConcurrentHashMap<>();

  DashboardSocket(DashboardFeed feed) {
    this.feed = feed;
  }

  @OnOpen
  void onOpen(WebSocketSession session) {
    viewers.put(session.getId(), feed.attach(session::sendAsync));
  }

  @OnMessage
  void onMessage(String message, WebSocketSession session) {
    Viewer viewer = viewers.get(session.getId());
    if (viewer != null && message.equals(DRAWN)) {
      viewer.acknowledge();
    }
  }

  @OnClose
  void onClose(WebSocketSession session) {
    Viewer viewer = viewers.remove(session.getId());
    if (viewer != null) {
      feed.detach(viewer);
    }
  }

  @OnError
  void onError(WebSocketSession session, Throwable failure) {
    LOG.debug("A page's connection failed", failure); // the page reconnects by itself
    onClose(session);
  }
}
