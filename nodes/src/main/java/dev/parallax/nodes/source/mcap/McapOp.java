package dev.parallax.nodes.source.mcap;

import java.nio.charset.StandardCharsets;

/** The kinds of record, and what every file begins and ends with (mcap.dev/spec). */
final class McapOp {
  /** First and last bytes of a file. */
  static final String MAGIC =
      new String(
          new byte[] {(byte) 0x89, 'M', 'C', 'A', 'P', '0', '\r', '\n'},
          StandardCharsets.ISO_8859_1);

  /** Bytes before a record's content: its kind and the content's length. */
  static final int PREFIX_BYTES = 9;

  static final int HEADER = 0x01;
  static final int FOOTER = 0x02;
  static final int SCHEMA = 0x03;
  static final int CHANNEL = 0x04;
  static final int MESSAGE = 0x05;
  static final int CHUNK = 0x06;
  static final int MESSAGE_INDEX = 0x07;
  static final int CHUNK_INDEX = 0x08;
  static final int ATTACHMENT = 0x09;
  static final int ATTACHMENT_INDEX = 0x0A;
  static final int STATISTICS = 0x0B;
  static final int METADATA = 0x0C;
  static final int METADATA_INDEX = 0x0D;
  static final int SUMMARY_OFFSET = 0x0E;
  static final int DATA_END = 0x0F;

  /** Bytes of a footer's content. */
  static final int FOOTER_BYTES = 20;

  /** Bytes of a message's content before its payload: channel, sequence, two times. */
  static final int MESSAGE_HEADER_BYTES = 22;

  private McapOp() {}
}
