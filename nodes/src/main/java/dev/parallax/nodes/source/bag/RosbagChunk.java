package dev.parallax.nodes.source.bag;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The records in a chunk of a ROS 1 bag. */
final class RosbagChunk {
  private RosbagChunk() {}

  static ChunkContents parse(ByteBuffer data) {
    List<ChunkContents.Entry> messages = new ArrayList<>();
    Map<Integer, BagChannel> channels = new LinkedHashMap<>();
    int at = 0;
    while (at < data.limit()) {
      BagRecord record = BagRecord.parse(data, at);
      if (record == null || record.end() > data.limit()) {
        break;
      }
      if (record.op() == BagRecord.MESSAGE) {
        messages.add(
            new ChunkContents.Entry(
                record.u32("conn"),
                record.timeNs("time"),
                record.dataStart(),
                (int) record.dataLength()));
      } else if (record.op() == BagRecord.CONNECTION) {
        BagChannel channel = ConnectionRecord.parse(record, data);
        if (channel != null) {
          channels.putIfAbsent(channel.id(), channel);
        }
      }
      at = (int) record.end();
    }
    return new ChunkContents(data, messages, channels, at);
  }
}
