package dev.parallax.nodes.source.mcap;

/** A record that contradicts itself or ends too early. */
final class McapFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  McapFormatException(String message) {
    super(message);
  }
}
