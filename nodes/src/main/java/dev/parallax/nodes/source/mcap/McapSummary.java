package dev.parallax.nodes.source.mcap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the end of a file says about the rest, gathered while that is written. One thread. */
final class McapSummary {
  /**
   * A chunk as its index has it.
   *
   * @param messageIndexes where the index of each channel's messages starts
   * @param messageIndexLength of all of them together
   */
  record Chunk(
      long startNs,
      long endNs,
      long start,
      long length,
      Map<Integer, Long> messageIndexes,
      long messageIndexLength,
      String compression,
      long compressedSize,
      long uncompressedSize) {}

  /** Bytes of a footer before its own checksum: prefix and two offsets. */
  private static final int FOOTER_BYTES_SUMMED = McapOp.PREFIX_BYTES + 16;

  private final List<McapOutput> schemas = new ArrayList<>();
  private final List<McapOutput> channels = new ArrayList<>();
  private final List<McapOutput> chunks = new ArrayList<>();
  private final List<McapOutput> attachments = new ArrayList<>();
  private final List<McapOutput> metadata = new ArrayList<>();
  private final Map<Integer, Long> messageCounts = new TreeMap<>();
  private long messages;
  private long startNs = Long.MAX_VALUE;
  private long endNs;

  void addSchema(McapOutput content) {
    schemas.add(content);
  }

  void addChannel(McapOutput content) {
    channels.add(content);
  }

  int channelCount() {
    return channels.size();
  }

  void countMessage(int channel, long timeNs) {
    messageCounts.merge(channel, 1L, Long::sum);
    messages++;
    startNs = Math.min(startNs, timeNs);
    endNs = Math.max(endNs, timeNs);
  }

  void addChunk(Chunk chunk) {
    McapOutput content =
        new McapOutput(256)
            .u64(chunk.startNs())
            .u64(chunk.endNs())
            .u64(chunk.start())
            .u64(chunk.length())
            .u32(10L * chunk.messageIndexes().size());
    chunk.messageIndexes().forEach((channel, offset) -> content.u16(channel).u64(offset));
    chunks.add(
        content
            .u64(chunk.messageIndexLength())
            .text(chunk.compression())
            .u64(chunk.compressedSize())
            .u64(chunk.uncompressedSize()));
  }

  void addAttachment(
      long start, long length, long timeNs, long dataSize, String name, String mediaType) {
    attachments.add(
        new McapOutput(128)
            .u64(start)
            .u64(length)
            .u64(timeNs)
            .u64(timeNs)
            .u64(dataSize)
            .text(name)
            .text(mediaType));
  }

  void addMetadata(long start, long length, String name) {
    metadata.add(new McapOutput(128).u64(start).u64(length).text(name));
  }

  /** Writes the summary, the offsets of its groups and the footer. */
  void write(McapFile file) throws IOException {
    file.restartChecksum();
    long start = file.position();
    McapOutput offsets = new McapOutput(256);
    writeGroup(file, McapOp.SCHEMA, schemas, offsets);
    writeGroup(file, McapOp.CHANNEL, channels, offsets);
    writeGroup(file, McapOp.STATISTICS, List.of(statistics()), offsets);
    writeGroup(file, McapOp.CHUNK_INDEX, chunks, offsets);
    writeGroup(file, McapOp.ATTACHMENT_INDEX, attachments, offsets);
    writeGroup(file, McapOp.METADATA_INDEX, metadata, offsets);
    long offsetsStart = file.position();
    file.write(offsets.written());
    ByteBuffer footer =
        new McapOutput(FOOTER_BYTES_SUMMED + 4)
            .u8(McapOp.FOOTER)
            .u64(McapOp.FOOTER_BYTES)
            .u64(start)
            .u64(offsetsStart)
            .written();
    file.write(footer);
    file.write(new McapOutput(4).u32(file.checksum()).written());
  }

  private static void writeGroup(McapFile file, int op, List<McapOutput> group, McapOutput offsets)
      throws IOException {
    if (group.isEmpty()) {
      return;
    }
    long start = file.position();
    for (McapOutput content : group) {
      file.record(op, content);
    }
    offsets.record(
        McapOp.SUMMARY_OFFSET, new McapOutput(17).u8(op).u64(start).u64(file.position() - start));
  }

  private McapOutput statistics() {
    McapOutput content =
        new McapOutput(256)
            .u64(messages)
            .u16(schemas.size())
            .u32(channels.size())
            .u32(attachments.size())
            .u32(metadata.size())
            .u32(chunks.size())
            .u64(messages == 0 ? 0 : startNs)
            .u64(endNs)
            .u32(10L * messageCounts.size());
    messageCounts.forEach((channel, count) -> content.u16(channel).u64(count));
    return content;
  }
}
