package dev.parallax.nodes.ros.tcpros;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Answers XML-RPC calls over HTTP on a port of its own. */
final class XmlRpcServer implements AutoCloseable {
  private static final int MAX_CALL_BYTES = 4 << 20;
  private static final int THREADS = 8;
  private static final int WAITING_CALLS = 64;

  private final HttpServer http;
  private final ThreadPoolExecutor threads;
  private final Methods methods;

  /** What can be called. */
  @FunctionalInterface
  interface Methods {
    /**
     * @return null if there is no such method
     */
    @org.jspecify.annotations.Nullable
    Object call(String method, List<Object> parameters);
  }

  /**
   * Starts to answer.
   *
   * @param address to listen on, with port 0 for any free one
   */
  XmlRpcServer(InetSocketAddress address, String threadName, Methods methods) throws IOException {
    this.methods = methods;
    http = HttpServer.create(address, WAITING_CALLS);
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_CALLS),
            task -> new Thread(task, threadName),
            new ThreadPoolExecutor.DiscardPolicy());
    threads.allowCoreThreadTimeOut(true);
    http.setExecutor(threads);
    http.createContext("/", this::answer);
    http.start();
  }

  int port() {
    return http.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      // Calls are rare: a connection kept for the next one would only be one more to look after.
      exchange.getResponseHeaders().set("Connection", "close");
      if (!exchange.getRequestMethod().equals("POST")) {
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      byte[] answer;
      try (InputStream in = exchange.getRequestBody()) {
        byte[] document = in.readNBytes(MAX_CALL_BYTES);
        if (in.read() >= 0) {
          exchange.sendResponseHeaders(413, -1);
          return;
        }
        answer = answer(document);
      }
      exchange.getResponseHeaders().set("Content-Type", "text/xml");
      exchange.sendResponseHeaders(200, answer.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(answer);
      }
    }
  }

  private byte[] answer(byte[] document) {
    try {
      XmlRpcReader.Call call = XmlRpcReader.call(document);
      Object value = methods.call(call.method(), call.parameters());
      return value == null
          ? XmlRpcWriter.fault(1, "no method " + call.method())
          : XmlRpcWriter.response(value);
    } catch (XmlRpcException e) {
      return XmlRpcWriter.fault(2, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
