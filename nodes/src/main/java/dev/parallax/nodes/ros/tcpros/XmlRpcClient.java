package dev.parallax.nodes.ros.tcpros;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Calls XML-RPC servers, each call on a connection of its own. Any thread. */
final class XmlRpcClient {
  private static final int MAX_ANSWER_BYTES = 16 << 20;

  private final int timeoutMs;

  /**
   * @param timeout for connecting, and again for each piece of the answer
   */
  XmlRpcClient(Duration timeout) {
    timeoutMs = (int) timeout.toMillis();
  }

  /** What the server answers; the answer may still say that it failed. */
  Object call(URI server, String method, List<?> parameters) throws IOException {
    HttpURLConnection http =
        (HttpURLConnection) server.resolve("/RPC2").toURL().openConnection(Proxy.NO_PROXY);
    try {
      http.setConnectTimeout(timeoutMs);
      http.setReadTimeout(timeoutMs);
      http.setInstanceFollowRedirects(false);
      http.setRequestMethod("POST");
      http.setRequestProperty("Content-Type", "text/xml");
      http.setRequestProperty("Connection", "close");
      http.setDoOutput(true);
      byte[] document = XmlRpcWriter.call(method, parameters);
      http.setFixedLengthStreamingMode(document.length);
      try (OutputStream out = http.getOutputStream()) {
        out.write(document);
      }
      if (http.getResponseCode() != HttpURLConnection.HTTP_OK) {
        throw new XmlRpcException("HTTP status " + http.getResponseCode());
      }
      try (InputStream in = http.getInputStream()) {
        byte[] answer = in.readNBytes(MAX_ANSWER_BYTES);
        if (in.read() >= 0) {
          throw new XmlRpcException("the answer is longer than %d bytes".formatted(answer.length));
        }
        return XmlRpcReader.response(answer);
      }
    } finally {
      http.disconnect();
    }
  }
}
