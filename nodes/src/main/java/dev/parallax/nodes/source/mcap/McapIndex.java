package dev.parallax.nodes.source.mcap;

import dev.parallax.nodes.source.bag.BagChunk;
import dev.parallax.nodes.source.bag.BagIndex;
import dev.parallax.nodes.source.bag.MappedFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** The summary section at the end of a file. Used once. */
final class McapIndex {
  /** Bytes of one entry of a message index: time and offset. */
  private static final int INDEX_ENTRY_BYTES = 16;

  private final MappedFile file;
  private final McapDefinitions definitions = new McapDefinitions();
  private final List<BagChunk> chunks = new ArrayList<>();
  private long promisedMessages = -1;

  private McapIndex(MappedFile file) {
    this.file = file;
  }

  /**
   * @return null if there is no summary, or it is damaged, or it does not account for every message
   */
  static @Nullable BagIndex read(MappedFile file) {
    long magic = file.size() - McapOp.MAGIC.length();
    McapRecord footer = McapRecord.at(file, magic - McapOp.FOOTER_BYTES - McapOp.PREFIX_BYTES);
    if (footer == null
        || footer.op() != McapOp.FOOTER
        || footer.end() != magic
        || !text(file.slice(magic, McapOp.MAGIC.length())).equals(McapOp.MAGIC)) {
      return null;
    }
    McapIndex index = new McapIndex(file);
    try {
      return index.readSummary(footer) ? index.toBagIndex() : null;
    } catch (McapFormatException e) {
      return null;
    }
  }

  static String text(ByteBuffer bytes) {
    return StandardCharsets.ISO_8859_1.decode(bytes).toString();
  }

  private BagIndex toBagIndex() {
    chunks.removeIf(chunk -> chunk.messageCount() == 0);
    return new BagIndex(definitions.channels(), chunks, List.of());
  }

  private boolean readSummary(McapRecord footer) throws McapFormatException {
    McapInput fields = footer.content(file);
    long start = fields.u64();
    long unused = fields.u64(); // where the offsets of the summary's groups are: all of it is read
    long crc32 = fields.u32();
    if (start <= 0
        || start > footer.start()
        || footer.start() - start >= MappedFile.SLICE_LIMIT_BYTES
        || (crc32 != BagChunk.NO_CHECKSUM && crc32 != checksum(start, footer))) {
      return false;
    }
    List<McapRecord> chunkIndexes = new ArrayList<>();
    for (long at = start; at < footer.start(); ) {
      McapRecord record = McapRecord.at(file, at);
      if (record == null || record.end() > footer.start()) {
        return false;
      }
      switch (record.op()) {
        case McapOp.SCHEMA, McapOp.CHANNEL -> definitions.take(record.op(), record.content(file));
        case McapOp.CHUNK_INDEX -> chunkIndexes.add(record);
        case McapOp.STATISTICS -> promisedMessages = record.content(file).u64();
        default -> {} // attachments, metadata and group offsets are not needed to find messages
      }
      at = record.end();
    }
    for (McapRecord chunkIndex : chunkIndexes) {
      takeChunk(chunkIndex.content(file));
    }
    chunks.sort((a, b) -> Long.compare(a.dataPosition(), b.dataPosition()));
    return accountsForEveryMessage();
  }

  private boolean accountsForEveryMessage() {
    long found = chunks.stream().mapToLong(BagChunk::messageCount).sum();
    return found == promisedMessages
        && chunks.stream()
            .flatMap(chunk -> chunk.counts().keySet().stream())
            .allMatch(id -> definitions.channel(id) != null);
  }

  private void takeChunk(McapInput index) throws McapFormatException {
    index.u64(); // times are in the chunk too
    index.u64();
    long start = index.u64();
    index.u64();
    Map<Integer, Long> messageIndexes = index.numberMap();
    McapRecord record = McapRecord.at(file, start);
    if (record == null || record.op() != McapOp.CHUNK || !record.isWhole(file)) {
      throw new McapFormatException("no chunk at byte " + start);
    }
    Map<Integer, Long> counts = new LinkedHashMap<>();
    for (Map.Entry<Integer, Long> entry : messageIndexes.entrySet()) {
      McapRecord messages = McapRecord.at(file, entry.getValue());
      if (messages == null || messages.op() != McapOp.MESSAGE_INDEX || !messages.isWhole(file)) {
        throw new McapFormatException("no message index at byte " + entry.getValue());
      }
      McapInput fields = messages.content(file, 6);
      if (fields.u16() != entry.getKey()) {
        throw new McapFormatException("the message index is of another channel");
      }
      counts.put(entry.getKey(), fields.u32() / INDEX_ENTRY_BYTES);
    }
    chunks.add(McapChunkHeader.read(file, record).chunk(counts));
  }

  /** Over the summary and the footer up to the checksum itself. */
  private long checksum(long start, McapRecord footer) {
    CRC32 crc = new CRC32();
    crc.update(file.slice(start, footer.end() - 4 - start));
    return crc.getValue();
  }
}
