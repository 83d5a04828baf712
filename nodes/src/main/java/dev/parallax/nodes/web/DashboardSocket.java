package dev.parallax.nodes.web;

import io.micronaut.context.annotation.Requires;
import io.micronaut.websocket.CloseReason;
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
@Requires(beans = DashboardFeed.class)
class DashboardSocket {
  private static final Logger LOG = LoggerFactory.getLogger(DashboardSocket.class);
  private static final String DRAWN = "drawn";

  private final DashboardFeed feed;
  private final Map<String, Page> pages = new ConcurrentHashMap<>();

  private record Page(WebSocketSession session, Viewer viewer) {}

  DashboardSocket(DashboardFeed feed) {
    this.feed = feed;
  }

  @OnOpen
  void onOpen(WebSocketSession session) {
    pages.put(session.getId(), new Page(session, feed.attach(session::sendAsync)));
  }

  @OnMessage
  void onMessage(String message, WebSocketSession session) {
    Page page = pages.get(session.getId());
    if (page != null && message.equals(DRAWN)) {
      page.viewer().acknowledge();
    }
  }

  @OnClose
  void onClose(WebSocketSession session) {
    Page page = pages.remove(session.getId());
    if (page != null) {
      feed.detach(page.viewer());
    }
  }

  @OnError
  void onError(WebSocketSession session, Throwable failure) {
    LOG.debug("A page's connection failed", failure); // the page reconnects by itself
    onClose(session);
  }

  /** Says goodbye to every page and waits until they are gone, but no longer than a second. */
  void closeAll() throws InterruptedException {
    for (Page page : pages.values()) {
      page.session().close(CloseReason.GOING_AWAY);
    }
    for (int waits = 0; waits < 50 && !pages.isEmpty(); waits++) {
      Thread.sleep(20);
    }
  }
}
