package dev.parallax.nodes.ros.tcpros;

import java.io.IOException;

/** A document is no XML-RPC, asks for more than is allowed, or tells of a fault. */
final class XmlRpcException extends IOException {
  private static final long serialVersionUID = 1L;

  XmlRpcException(String message) {
    super(message);
  }

  XmlRpcException(String message, Throwable cause) {
    super(message, cause);
  }
}
