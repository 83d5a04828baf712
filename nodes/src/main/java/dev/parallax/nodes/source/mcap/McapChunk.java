package dev.parallax.nodes.source.mcap;

import dev.parallax.nodes.source.bag.ChunkContents;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The records in a chunk. */
final class McapChunk {
  private McapChunk() {}

  static ChunkContents parse(ByteBuffer data) {
    List<ChunkContents.Entry> messages = new ArrayList<>();
    McapDefinitions definitions = new McapDefinitions();
    int at = 0;
    while (at + McapOp.PREFIX_BYTES <= data.limit()) {
      McapRecord record = McapRecord.in(data, at, at);
      if (record == null || record.end() > data.limit()) {
        break;
      }
      int content = (int) record.contentStart();
      int length = (int) record.length();
      if (record.op() == McapOp.MESSAGE && length >= McapOp.MESSAGE_HEADER_BYTES) {
        long timeNs = data.getLong(content + 6);
        if (timeNs >= 0) { // times beyond the year 2262 are damage, and the message with them
          messages.add(
              new ChunkContents.Entry(
                  Short.toUnsignedInt(data.getShort(content)),
                  timeNs,
                  content + McapOp.MESSAGE_HEADER_BYTES,
                  length - McapOp.MESSAGE_HEADER_BYTES));
        }
      } else {
        try {
          definitions.take(record.op(), new McapInput(data.slice(content, length)));
        } catch (McapFormatException e) {
          break;
        }
      }
      at = (int) record.end();
    }
    return new ChunkContents(data, messages, definitions.channels(), at);
  }
}
