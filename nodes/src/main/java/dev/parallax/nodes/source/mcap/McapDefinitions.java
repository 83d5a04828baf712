package dev.parallax.nodes.source.mcap;

import dev.parallax.nodes.source.bag.BagChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The schemas and channels seen so far in a file, by number. */
final class McapDefinitions {
  private static final BagChannel.Schema WITHOUT_SCHEMA =
      new BagChannel.Schema("", "", new byte[0]);

  private final Map<Integer, BagChannel.Schema> schemas = new LinkedHashMap<>();
  private final Map<Integer, BagChannel> channels = new LinkedHashMap<>();

  /** Takes a record of either kind, ignores others. */
  void take(int op, McapInput content) throws McapFormatException {
    if (op == McapOp.SCHEMA) {
      int id = content.u16();
      String name = content.text();
      String encoding = content.text();
      byte[] data = content.bytes(content.u32());
      schemas.putIfAbsent(id, new BagChannel.Schema(name, encoding, data));
    } else if (op == McapOp.CHANNEL) {
      int id = content.u16();
      BagChannel.Schema schema = schemas.getOrDefault(content.u16(), WITHOUT_SCHEMA);
      String topic = content.text();
      String encoding = content.text();
      channels.putIfAbsent(id, new BagChannel(id, topic, encoding, schema, content.textMap()));
    }
  }

  @Nullable BagChannel channel(int id) {
    return channels.get(id);
  }

  Map<Integer, BagChannel> channels() {
    return channels;
  }
}
