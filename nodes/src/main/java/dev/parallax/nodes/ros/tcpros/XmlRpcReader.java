package dev.parallax.nodes.ros.tcpros;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads XML-RPC documents into Integer, Boolean, Double, String, byte[], List and Map. A document
 * type or an entity beyond XML's own five is refused, so that no document can unfold; how deep
 * values may nest is bounded, and their size by that of the document. One document.
 */
final class XmlRpcReader {
  private static final int MAX_DEPTH = 32;

  private final XMLStreamReader xml;

  /** A call that came in. */
  record Call(String method, List<Object> parameters) {}

  private XmlRpcReader(byte[] document) throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    // Decoded here: the parser prints to standard error where bytes are no UTF-8.
    xml =
        factory.createXMLStreamReader(
            new StringReader(new String(document, StandardCharsets.UTF_8)));
  }

  static Call call(byte[] document) throws XmlRpcException {
    return reading(
        document,
        reader -> {
          reader.open("methodCall");
          reader.open("methodName");
          String method = reader.textToEnd().strip();
          List<Object> parameters = new ArrayList<>();
          if (reader.toTag()) {
            reader.expect("params");
            while (reader.toTag()) {
              parameters.add(reader.parameter());
            }
          }
          return new Call(method, parameters);
        });
  }

  /**
   * The value that a call returned.
   *
   * @throws XmlRpcException also if it is a fault
   */
  static Object response(byte[] document) throws XmlRpcException {
    return reading(
        document,
        reader -> {
          reader.open("methodResponse");
          if (!reader.toTag()) {
            throw new XmlRpcException("the answer is empty");
          }
          if (reader.xml.getLocalName().equals("fault")) {
            reader.open("value");
            throw new XmlRpcException("fault: " + reader.value(0));
          }
          reader.expect("params");
          if (!reader.toTag()) {
            throw new XmlRpcException("the answer has no value");
          }
          return reader.parameter();
        });
  }

  private interface Reading<T> {
    T from(XmlRpcReader reader) throws XMLStreamException, XmlRpcException;
  }

  private static <T> T reading(byte[] document, Reading<T> reading) throws XmlRpcException {
    try {
      XmlRpcReader reader = new XmlRpcReader(document);
      try {
        return reading.from(reader);
      } finally {
        reader.xml.close();
      }
    } catch (XMLStreamException e) {
      throw new XmlRpcException("not XML: " + firstLine(e), e);
    } catch (IllegalArgumentException e) { // a number, a boolean or base64 that is none
      throw new XmlRpcException("not a value: " + firstLine(e), e);
    }
  }

  private Object parameter() throws XMLStreamException, XmlRpcException {
    expect("param");
    open("value");
    Object value = value(0);
    closeTag();
    return value;
  }

  /** After {@code <value>}; leaves behind {@code </value>}. */
  private Object value(int depth) throws XMLStreamException, XmlRpcException {
    if (depth > MAX_DEPTH) {
      throw new XmlRpcException("values nest deeper than " + MAX_DEPTH);
    }
    StringBuilder untyped = new StringBuilder();
    int event = next();
    while (event == XMLStreamConstants.CHARACTERS) {
      untyped.append(xml.getText());
      event = next();
    }
    if (event == XMLStreamConstants.END_ELEMENT) {
      return untyped.toString(); // a value without a type is a string
    }
    Object value = typed(xml.getLocalName(), depth);
    closeTag();
    return value;
  }

  private Object typed(String type, int depth) throws XMLStreamException, XmlRpcException {
    return switch (type) {
      case "int", "i4" -> Integer.valueOf(textToEnd().strip());
      case "boolean" -> bool(textToEnd().strip());
      case "double" -> Double.valueOf(textToEnd().strip());
      case "string", "dateTime.iso8601" -> textToEnd();
      case "base64" -> Base64.getMimeDecoder().decode(textToEnd());
      case "nil" -> {
        closeTag();
        yield "";
      }
      case "array" -> array(depth);
      case "struct" -> struct(depth);
      default -> throw new XmlRpcException("unknown type <" + type + ">");
    };
  }

  private List<Object> array(int depth) throws XMLStreamException, XmlRpcException {
    List<Object> values = new ArrayList<>();
    open("data");
    while (toTag()) {
      expect("value");
      values.add(value(depth + 1));
    }
    closeTag();
    return values;
  }

  private Map<String, Object> struct(int depth) throws XMLStreamException, XmlRpcException {
    Map<String, Object> members = new LinkedHashMap<>();
    while (toTag()) {
      expect("member");
      open("name");
      String name = textToEnd();
      open("value");
      members.put(name, value(depth + 1));
      closeTag();
    }
    return members;
  }

  private static boolean bool(String text) {
    return switch (text) {
      case "1", "true" -> true;
      case "0", "false" -> false;
      default -> throw new IllegalArgumentException("boolean " + text);
    };
  }

  private void open(String name) throws XMLStreamException, XmlRpcException {
    if (!toTag()) {
      throw new XmlRpcException("<" + name + "> is missing");
    }
    expect(name);
  }

  private void expect(String name) throws XmlRpcException {
    if (!xml.getLocalName().equals(name)) {
      throw new XmlRpcException("<%s> where <%s> belongs".formatted(xml.getLocalName(), name));
    }
  }

  /** Goes to the next opening tag; false at the closing one of what is around. */
  private boolean toTag() throws XMLStreamException, XmlRpcException {
    int event = next();
    while (event == XMLStreamConstants.CHARACTERS) {
      if (!xml.isWhiteSpace()) {
        throw new XmlRpcException("text between tags");
      }
      event = next();
    }
    return event == XMLStreamConstants.START_ELEMENT;
  }

  private void closeTag() throws XMLStreamException, XmlRpcException {
    if (toTag()) {
      throw new XmlRpcException("<" + xml.getLocalName() + "> where nothing more belongs");
    }
  }

  private String textToEnd() throws XMLStreamException, XmlRpcException {
    StringBuilder text = new StringBuilder();
    int event = next();
    while (event == XMLStreamConstants.CHARACTERS) {
      text.append(xml.getText());
      event = next();
    }
    if (event != XMLStreamConstants.END_ELEMENT) {
      throw new XmlRpcException("a tag inside plain text");
    }
    return text.toString();
  }

  private int next() throws XMLStreamException, XmlRpcException {
    while (xml.hasNext()) {
      int event = xml.next();
      switch (event) {
        case XMLStreamConstants.START_ELEMENT,
            XMLStreamConstants.END_ELEMENT,
            XMLStreamConstants.CHARACTERS -> {
          return event;
        }
        case XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
          return XMLStreamConstants.CHARACTERS;
        }
        case XMLStreamConstants.DTD -> throw new XmlRpcException("a document type is not allowed");
        case XMLStreamConstants.ENTITY_REFERENCE ->
            throw new XmlRpcException("an entity is not allowed");
        default -> {
          // Comments and processing instructions say nothing.
        }
      }
    }
    throw new XmlRpcException("the document ends early");
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
