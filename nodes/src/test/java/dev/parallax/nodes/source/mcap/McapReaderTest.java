package dev.parallax.nodes.source.mcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.nodes.RealData;
import dev.parallax.nodes.source.SourceException;
import dev.parallax.nodes.source.bag.BagChannel;
import dev.parallax.nodes.source.bag.BagIndex;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.nodes.source.bag.BagSummary;
import dev.parallax.nodes.source.bag.MappedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class McapReaderTest {
  private static final int CHUNK_BYTES = 20_000;
  private static final int CUTS = 200;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(McapWriter.Compression.class)
  void whatIsWrittenIsReadBackByItsIndex(McapWriter.Compression compression) throws Exception {
    Path path = write(compression);
    assertThat(McapIndex.read(MappedFile.of(path))).isNotNull();
    McapReader bag = McapReader.open(path);
    assertThat(McapFixture.numbers(bag)).isEqualTo(McapFixture.all());
    assertThat(bag.warnings()).isEmpty();
    assertThat(bag.profile()).isEqualTo("ros1");
    BagSummary summary = bag.summary();
    assertThat(summary.messageCount()).isEqualTo(McapFixture.MESSAGES);
    assertThat(summary.durationS()).isEqualTo((McapFixture.MESSAGES - 1) / 1e3);
    assertThat(bag.channels()).extracting(BagChannel::topic).containsExactlyInAnyOrder("/a", "/b");
    BagChannel b =
        bag.channels().stream().filter(c -> c.topic().equals("/b")).findFirst().orElseThrow();
    assertThat(b.encoding()).isEqualTo("cdr");
    assertThat(b.type()).isEqualTo("pkg/Type");
    assertThat(b.definition()).isEqualTo("uint8 x\n");
    assertThat(b.metadata()).containsEntry("note", "of /b");
  }

  @ParameterizedTest
  @EnumSource(McapWriter.Compression.class)
  void aFileCutAnywhereYieldsAtLeastEveryWholeChunk(McapWriter.Compression compression)
      throws Exception {
    Path path = write(compression);
    byte[] bytes = Files.readAllBytes(path);
    BagIndex index = McapIndex.read(MappedFile.of(path));
    assertThat(index).isNotNull();
    Path cut = folder.resolve("cut.mcap");
    Random random = new Random(11);
    for (int trial = 0; trial < CUTS; trial++) {
      int length = McapOp.MAGIC.length() + random.nextInt(bytes.length - McapOp.MAGIC.length());
      Files.write(cut, Arrays.copyOf(bytes, length));
      McapReader bag = McapReader.open(cut);
      List<Integer> found = McapFixture.numbers(bag);
      int whole =
          (int)
              index.chunks().stream()
                  .filter(chunk -> chunk.dataPosition() + chunk.dataLength() <= length)
                  .mapToLong(chunk -> chunk.messageCount())
                  .sum();
      assertThat(found.size()).as("cut at %d", length).isGreaterThanOrEqualTo(whole);
      assertThat(found)
          .as("cut at %d", length)
          .isEqualTo(McapFixture.all().subList(0, found.size()));
      assertThat(bag.warnings()).as("cut at %d", length).isNotEmpty();
      assertThat(bag.warnings().get(0))
          .contains("recovered %d messages".formatted(found.size()))
          .containsPattern("(no bytes lost|at least \\d+ bytes lost)");
    }
  }

  @Test
  void aPlainFileCutAnywhereYieldsEveryMessageThatIsWholeInIt() throws Exception {
    Path path = write(McapWriter.Compression.NONE);
    byte[] bytes = Files.readAllBytes(path);
    Path cut = folder.resolve("cut.mcap");
    Random random = new Random(12);
    for (int trial = 0; trial < CUTS; trial++) {
      int length = McapOp.MAGIC.length() + random.nextInt(bytes.length - McapOp.MAGIC.length());
      Files.write(cut, Arrays.copyOf(bytes, length));
      assertThat(McapFixture.numbers(McapReader.open(cut)))
          .as("cut at %d", length)
          .hasSize(messagesBefore(bytes, length));
    }
  }

  @Test
  void messagesOutsideChunksAreFoundWithoutAnIndex() throws Exception {
    McapOutput file = new McapOutput(1 << 20);
    file.bytes(McapOp.MAGIC.getBytes(StandardCharsets.ISO_8859_1));
    file.record(McapOp.HEADER, new McapOutput(64).text("ros1").text("a test"));
    for (int id = 0; id < 2; id++) { // channels that no schema is known of
      McapOutput channel = new McapOutput(64).u16(id).u16(0).text(id == 0 ? "/a" : "/b");
      file.record(McapOp.CHANNEL, channel.text("ros1").u32(0));
    }
    for (int i = 0; i < McapFixture.MESSAGES; i++) {
      byte[] data = McapFixture.message(i);
      McapOutput message = new McapOutput(data.length + 32).u16(i % 3 == 0 ? 0 : 1).u32(i);
      long time = McapFixture.time(i).nanos();
      file.record(McapOp.MESSAGE, message.u64(time).u64(time).bytes(data));
    }
    file.record(McapOp.DATA_END, new McapOutput(4).u32(0));
    file.record(McapOp.FOOTER, new McapOutput(20).u64(0).u64(0).u32(0));
    file.bytes(McapOp.MAGIC.getBytes(StandardCharsets.ISO_8859_1));
    McapReader bag = McapReader.open(save("loose.mcap", bytes(file)));
    assertThat(McapFixture.numbers(bag)).isEqualTo(McapFixture.all());
    assertThat(bag.warnings()).hasSize(1).allMatch(w -> w.contains("no bytes lost"));
  }

  @Test
  void damageInTheMiddleCostsOnlyTheMessagesThere() throws Exception {
    byte[] bytes = Files.readAllBytes(write(McapWriter.Compression.LZ4));
    int second = indexOf(bytes, "lz4", indexOf(bytes, "lz4", 0) + 1);
    Arrays.fill(bytes, second + 40, second + 300, (byte) 0x55); // the start of its data
    McapReader bag = McapReader.open(save("damaged.mcap", bytes));
    List<Integer> found = McapFixture.numbers(bag);
    assertThat(found).isSubsetOf(McapFixture.all());
    assertThat(found.size()).isBetween(McapFixture.MESSAGES / 2, McapFixture.MESSAGES - 1);
    assertThat(bag.warnings()).hasSize(1).allMatch(w -> w.contains("messages lost"));
  }

  @Test
  void recoveryFindsTheNextChunkAfterADamagedOne() throws Exception {
    byte[] bytes = Files.readAllBytes(write(McapWriter.Compression.ZSTD));
    byte[] cut = Arrays.copyOf(bytes, bytes.length - 40); // no index: the scan must find its way
    int second = indexOf(cut, "zstd", indexOf(cut, "zstd", 0) + 1);
    Arrays.fill(cut, second - 41, second + 12, (byte) 0x55);
    McapReader bag = McapReader.open(save("damaged.mcap", cut));
    assertThat(McapFixture.numbers(bag).size())
        .isBetween(McapFixture.MESSAGES / 2, McapFixture.MESSAGES - 1);
    assertThat(bag.warnings()).anyMatch(w -> w.contains("at least"));
  }

  @Test
  void aFlippedBitThatOnlyTheChecksumSeesIsTold() throws Exception {
    byte[] bytes = Files.readAllBytes(write(McapWriter.Compression.NONE));
    BagIndex index = McapIndex.read(MappedFile.of(folder.resolve("whole.mcap")));
    assertThat(index).isNotNull();
    var chunk = index.chunks().get(1);
    bytes[(int) (chunk.dataPosition() + chunk.dataLength() - 1)] ^= 1; // in the last payload
    McapReader bag = McapReader.open(save("flipped.mcap", bytes));
    assertThat(McapFixture.numbers(bag)).hasSize(McapFixture.MESSAGES).containsOnlyOnce(-1);
    assertThat(bag.warnings()).hasSize(1).allMatch(w -> w.contains("does not match its checksum"));
  }

  @Test
  void noiseNeverThrowsAnythingButASourceException() throws Exception {
    byte[] whole = Files.readAllBytes(write(McapWriter.Compression.NONE));
    Random random = new Random(3);
    for (int trial = 0; trial < 300; trial++) {
      byte[] noisy = whole.clone();
      for (int k = 0; k < 6; k++) {
        int at = McapOp.MAGIC.length() + random.nextInt(whole.length - McapOp.MAGIC.length());
        noisy[at] = (byte) random.nextInt(256);
      }
      McapReader bag = McapReader.open(save("noise.mcap", noisy));
      bag.messages(c -> true).forEachRemaining(m -> assertThat(m.data()).isNotNull());
    }
  }

  @Test
  void whatIsNoMcapFileIsRefusedByName() throws Exception {
    assertThatThrownBy(() -> McapReader.open(save("x.mcap", "no".getBytes(StandardCharsets.UTF_8))))
        .isInstanceOf(SourceException.class)
        .hasMessageContainingAll("x.mcap", "not an MCAP file", "wrong first bytes");
    assertThatThrownBy(() -> McapReader.open(save("empty.mcap", new byte[0])))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("it is empty");
  }

  @Test
  void theRobotsRecordingIsReadInFullInTheOrderOfTime() {
    McapReader bag = McapReader.open(RealData.path("bags/nav2_turtlebot.mcap"));
    long before = 0;
    int count = 0;
    for (Iterator<BagMessage> all = bag.messages(c -> true); all.hasNext(); count++) {
      long time = all.next().recordTime().nanos();
      assertThat(time).isGreaterThanOrEqualTo(before);
      before = time;
    }
    assertThat(count).isEqualTo(8197);
    assertThat(bag.warnings()).isEmpty();
  }

  private Path write(McapWriter.Compression compression) throws IOException {
    Path path = folder.resolve("whole.mcap");
    McapFixture.write(path, compression, CHUNK_BYTES);
    return path;
  }

  private Path save(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static byte[] bytes(McapOutput output) {
    ByteBuffer written = output.written();
    byte[] bytes = new byte[written.remaining()];
    written.get(bytes);
    return bytes;
  }

  /** Messages in plain chunks that end at or before {@code length}, by walking all records. */
  private static int messagesBefore(byte[] bytes, int length) {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int count = 0;
    int at = McapOp.MAGIC.length();
    while (at + McapOp.PREFIX_BYTES <= length) {
      int op = bytes[at];
      long end = at + McapOp.PREFIX_BYTES + file.getLong(at + 1);
      if (op == McapOp.CHUNK) {
        at += McapOp.PREFIX_BYTES + 40; // into its records: no compression has no name
      } else {
        count += op == McapOp.MESSAGE && end <= length ? 1 : 0;
        at = (int) end;
      }
    }
    return count;
  }

  private static int indexOf(byte[] bytes, String text, int from) {
    return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text, from);
  }
}
