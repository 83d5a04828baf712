package dev.parallax.nodes.ros.tcpros;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Writes XML-RPC documents (xmlrpc.com/spec.md). */
final class XmlRpcWriter {
  private static final String PROLOGUE = "<?xml version=\"1.0\"?>\n";

  private final StringBuilder xml = new StringBuilder(PROLOGUE);

  private XmlRpcWriter() {}

  static byte[] call(String method, List<?> parameters) {
    XmlRpcWriter writer = new XmlRpcWriter();
    writer.xml.append("<methodCall><methodName>");
    writer.escape(method);
    writer.xml.append("</methodName><params>");
    parameters.forEach(writer::parameter);
    writer.xml.append("</params></methodCall>\n");
    return writer.bytes();
  }

  static byte[] response(Object value) {
    XmlRpcWriter writer = new XmlRpcWriter();
    writer.xml.append("<methodResponse><params>");
    writer.parameter(value);
    writer.xml.append("</params></methodResponse>\n");
    return writer.bytes();
  }

  static byte[] fault(int code, String message) {
    XmlRpcWriter writer = new XmlRpcWriter();
    writer.xml.append("<methodResponse><fault>");
    writer.value(Map.of("faultCode", code, "faultString", message));
    writer.xml.append("</fault></methodResponse>\n");
    return writer.bytes();
  }

  private void parameter(Object value) {
    xml.append("<param>");
    value(value);
    xml.append("</param>");
  }

  private void value(Object value) {
    xml.append("<value>");
    if (value instanceof Integer number) {
      xml.append("<int>").append(number).append("</int>");
    } else if (value instanceof Boolean truth) {
      xml.append("<boolean>").append(truth ? 1 : 0).append("</boolean>");
    } else if (value instanceof Double number) {
      xml.append("<double>").append(number).append("</double>");
    } else if (value instanceof String text) {
      xml.append("<string>");
      escape(text);
      xml.append("</string>");
    } else if (value instanceof byte[] data) {
      xml.append("<base64>").append(Base64.getEncoder().encodeToString(data)).append("</base64>");
    } else if (value instanceof List<?> list) {
      xml.append("<array><data>");
      list.forEach(this::value);
      xml.append("</data></array>");
    } else if (value instanceof Map<?, ?> struct) {
      xml.append("<struct>");
      struct.forEach(this::member);
      xml.append("</struct>");
    } else {
      throw new IllegalArgumentException("XML-RPC has no " + value.getClass().getSimpleName());
    }
    xml.append("</value>");
  }

  private void member(Object name, Object value) {
    xml.append("<member><name>");
    escape(name.toString());
    xml.append("</name>");
    value(value);
    xml.append("</member>");
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> xml.append("&lt;");
        case '>' -> xml.append("&gt;");
        case '&' -> xml.append("&amp;");
        // Other control characters cannot be said in XML at all.
        default -> xml.append(c < ' ' && c != '\n' && c != '\t' && c != '\r' ? '?' : c);
      }
    }
  }

  private byte[] bytes() {
    return xml.toString().getBytes(StandardCharsets.UTF_8);
  }
}
