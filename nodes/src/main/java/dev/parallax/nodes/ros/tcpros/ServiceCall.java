package dev.parallax.nodes.ros.tcpros;

import dev.parallax.nodes.codec.RosServiceType;
import dev.parallax.nodes.ros.RosException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One call of a service. */
record ServiceCall(String node, String service, RosServiceType type, Duration patience) {
  private static final int MAX_RESPONSE_BYTES = 256 << 20;

  /**
   * @param rosrpc where the service is, as the master tells
   * @throws RosException if it does not answer, or answers that it failed
   */
  ByteBuffer call(String rosrpc, ByteBuffer request) {
    try (Socket socket = new Socket()) {
      URI uri = URI.create(rosrpc);
      int limitMs = (int) patience.toMillis();
      socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), limitMs);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(limitMs);
      ConnectionHeader.of(
              "callerid", node, "service", service, "type", type.typeName(), "md5sum", type.md5())
          .write(socket.getOutputStream());
      ConnectionHeader answer = ConnectionHeader.read(socket.getInputStream());
      if (answer.has("error")) {
        throw new RosException("service %s refused: %s".formatted(service, answer.get("error")));
      }
      new FrameWriter(socket.getOutputStream()).write(request);
      FrameReader reader = new FrameReader(socket, MAX_RESPONSE_BYTES, patience);
      boolean succeeded = reader.verdict() == 1;
      ByteBuffer response = reader.next();
      if (!succeeded) {
        throw new RosException(
            "service %s failed: %s".formatted(service, StandardCharsets.UTF_8.decode(response)));
      }
      return response;
    } catch (IOException | IllegalArgumentException e) {
      throw new RosException(
          "service %s at %s does not answer: %s".formatted(service, rosrpc, e.getMessage()), e);
    }
  }
}
