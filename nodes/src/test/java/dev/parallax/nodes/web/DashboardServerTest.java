package dev.parallax.nodes.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.perception.frame.ScaleSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DashboardServerTest {
  private static final String UPGRADE =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
          + "Sec-WebSocket-Extensions: permessage-deflate\r\n";
  private static DashboardServer server;
  private static String self;

  @BeforeAll
  static void start() {
    DashboardSink sink = new DashboardSink("test drive", System::nanoTime);
    SyntheticDrive drive = new SyntheticDrive(32, 24, ScaleSource.RELATIVE);
    sink.accept(drive.item(0), drive.estimated(0));
    server = DashboardServer.start(DashboardConfig.fixed(0), sink);
    self = "127.0.0.1:" + server.address().getPort();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void thePageAndAllThatItNeedsAreServed() throws IOException {
    assertThat(get("/", self, "")).startsWith("HTTP/1.1 200").contains("<canvas id=\"depth\"");
    assertThat(get("/app.js", self, "")).startsWith("HTTP/1.1 200").contains("javascript");
    assertThat(get("/style.css", self, "")).startsWith("HTTP/1.1 200").contains("text/css");
  }

  @Test
  void theStatusIsServedAsJson() throws IOException {
    assertThat(get("/api/status", self, ""))
        .startsWith("HTTP/1.1 200")
        .contains("\"source\":\"test drive\"", "\"state\":\"TRACKING\"", "\"published\":1");
  }

  @Test
  void healthIsServed() throws IOException {
    assertThat(get("/health", self, "")).startsWith("HTTP/1.1 200").contains("\"status\":\"UP\"");
  }

  @Test
  void aForeignHostNameIsRefusedAlthoughItResolvesToLoopback() throws IOException {
    assertThat(get("/api/status", "evil.example:8080", "")).startsWith("HTTP/1.1 403");
    assertThat(get("/", "127.0.0.1.evil.example", "")).startsWith("HTTP/1.1 403");
    assertThat(get("/live", "evil.example", UPGRADE)).startsWith("HTTP/1.1 403");
  }

  @Test
  void localhostIsAsGoodAName() throws IOException {
    assertThat(get("/api/status", "localhost:" + server.address().getPort(), ""))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void aForeignPageCannotOpenTheWebSocket() throws IOException {
    assertThat(get("/live", self, UPGRADE + "Origin: http://evil.example\r\n"))
        .startsWith("HTTP/1.1 403");
    assertThat(get("/live", self, UPGRADE + "Origin: null\r\n")).startsWith("HTTP/1.1 403");
  }

  @Test
  void theOwnPageOpensTheWebSocketUncompressed() throws IOException {
    assertThat(get("/live", self, UPGRADE + "Origin: http://" + self + "\r\n"))
        .startsWith("HTTP/1.1 101")
        .doesNotContainIgnoringCase("sec-websocket-extensions");
  }

  @Test
  void aTakenPortIsLeftForTheNextFreeOne() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        DashboardServer moved =
            DashboardServer.start(
                new DashboardConfig(taken.getLocalPort(), true),
                new DashboardSink("moved", System::nanoTime))) {
      assertThat(moved.address().getPort()).isGreaterThan(taken.getLocalPort());
    }
  }

  @Test
  void aTakenPortThatWasNamedIsAnErrorWithItsRemedy() {
    DashboardConfig config = DashboardConfig.fixed(server.address().getPort());
    DashboardSink sink = new DashboardSink("second", System::nanoTime);
    assertThatThrownBy(() -> DashboardServer.start(config, sink))
        .isInstanceOf(DashboardException.class)
        .hasMessageContaining("is taken")
        .hasMessageContaining("--port");
  }

  /** The whole answer; of a WebSocket's, the head. */
  private static String get(String path, String host, String headers) throws IOException {
    URI address = server.address();
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket.setSoTimeout(5000);
      String request = "GET %s HTTP/1.1\r\nHost: %s\r\n%s".formatted(path, host, headers);
      boolean upgrade = headers.contains("Upgrade");
      request += upgrade ? "\r\n" : "Connection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      return upgrade ? headOf(in) : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Up to the empty line: what follows is the WebSocket's, or nothing. */
  private static String headOf(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        break;
      }
      head.append((char) c);
    }
    return head.toString();
  }
}
