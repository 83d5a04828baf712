package dev.parallax.nodes.ros.tcpros;

import dev.parallax.nodes.codec.Ros1Output;
import dev.parallax.nodes.codec.RosServiceType;
import dev.parallax.nodes.ros.RosException;
import dev.parallax.nodes.ros.RosNode.ServiceHandler;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A service this node answers. */
final class ServiceProvider implements Registration {
  private static final int MAX_REQUEST_BYTES = 16 << 20;
  private static final Duration STALL_LIMIT = Duration.ofSeconds(10);

  private final String node;
  private final String service;
  private final RosServiceType type;
  private final URI rosrpc;
  private final ServiceHandler handler;

  ServiceProvider(
      String node, String service, RosServiceType type, URI rosrpc, ServiceHandler handler) {
    this.node = node;
    this.service = service;
    this.type = type;
    this.rosrpc = rosrpc;
    this.handler = handler;
  }

  String service() {
    return service;
  }

  /** Answers a caller, whose header was read, until it has had enough. */
  void serve(Socket socket, ConnectionHeader header) throws IOException {
    String md5 = header.get("md5sum");
    if (!md5.equals("*") && !md5.equals(type.md5())) {
      String problem =
          "service %s is %s with md5sum %s here, not %s"
              .formatted(service, type.typeName(), type.md5(), md5);
      ConnectionHeader.of("error", problem).write(socket.getOutputStream());
      return;
    }
    socket.setTcpNoDelay(true);
    ConnectionHeader.of(
            "callerid",
            node,
            "service",
            service,
            "md5sum",
            type.md5(),
            "type",
            type.typeName(),
            "request_type",
            type.typeName() + "Request",
            "response_type",
            type.typeName() + "Response")
        .write(socket.getOutputStream());
    if (header.get("probe").equals("1")) {
      return;
    }
    FrameReader requests = new FrameReader(socket, MAX_REQUEST_BYTES, STALL_LIMIT);
    FrameWriter answers = new FrameWriter(socket.getOutputStream());
    boolean persistent = header.get("persistent").equals("1");
    do {
      answer(requests.next(), answers);
    } while (persistent);
  }

  private void answer(ByteBuffer request, FrameWriter answers) throws IOException {
    Ros1Output response = new Ros1Output(256);
    String failure = null;
    try {
      handler.answer(request, response);
    } catch (RosException e) {
      failure = String.valueOf(e.getMessage());
    } catch (RuntimeException e) { // the caller waits for an answer whatever happened
      failure = "%s failed: %s".formatted(service, e);
    }
    if (failure == null) {
      answers.write(true, response.toBuffer());
    } else {
      answers.write(false, ByteBuffer.wrap(failure.getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Override
  public void register(MasterClient master, URI slave) throws IOException {
    master.registerService(service, rosrpc, slave);
  }

  @Override
  public void unregister(MasterClient master, URI slave) throws IOException {
    master.unregisterService(service, rosrpc);
  }
}
