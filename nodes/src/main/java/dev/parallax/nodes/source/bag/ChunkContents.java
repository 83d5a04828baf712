package dev.parallax.nodes.source.bag;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The records of one decompressed chunk, up to the first that is not whole. */
final class ChunkContents {
  /** A message's place in the chunk. */
  record Entry(int connection, long timeNs, int offset, int length) {}

  private final ByteBuffer data;
  private final List<Entry> messages = new ArrayList<>();
  private final Map<Integer, BagChannel> connections = new LinkedHashMap<>();
  private final int readableBytes;

  ChunkContents(ByteBuffer data) {
    this.data = data;
    int at = 0;
    while (at < data.limit()) {
      BagRecord record = BagRecord.parse(data, at);
      if (record == null || record.end() > data.limit()) {
        break;
      }
      if (record.op() == BagRecord.MESSAGE) {
        messages.add(
            new Entry(
                record.u32("conn"),
                record.timeNs("time"),
                record.dataStart(),
                (int) record.dataLength()));
      } else if (record.op() == BagRecord.CONNECTION) {
        BagChannel connection = ConnectionRecord.parse(record, data);
        if (connection != null) {
          connections.putIfAbsent(connection.id(), connection);
        }
      }
      at = (int) record.end();
    }
    this.readableBytes = at;
  }

  /** In the order of the chunk. */
  List<Entry> messages() {
    return messages;
  }

  Map<Integer, BagChannel> connections() {
    return connections;
  }

  /** Bytes of whole records. */
  int readableBytes() {
    return readableBytes;
  }

  ByteBuffer bytesOf(Entry entry) {
    return data.slice(entry.offset(), entry.length())
        .asReadOnlyBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
