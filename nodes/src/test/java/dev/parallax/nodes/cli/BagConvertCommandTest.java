package dev.parallax.nodes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.source.Bags;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.nodes.source.bag.BagWriter;
import dev.parallax.nodes.source.mcap.McapWriter;
import dev.parallax.perception.frame.Timestamp;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BagConvertCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"none", "lz4", "zstd"})
  void aBagBecomesMcapAndABagAgainWithTheSameBytes(String compression) throws Exception {
    Path bag = sample();
    Path mcap = folder.resolve("there.mcap");
    Path back = folder.resolve("back.bag");
    assertThat(run("convert", bag, mcap, "--compression", compression)).isEqualTo(ExitStatus.OK);
    assertThat(run("convert", mcap, back)).isEqualTo(ExitStatus.OK);
    assertThat(messages(mcap)).hasSize(60).isEqualTo(messages(bag));
    assertThat(messages(back)).isEqualTo(messages(bag));
    assertThat(err.toString()).isEmpty();
    try (Bag opened = Bags.open(mcap)) {
      assertThat(opened.format()).isEqualTo("MCAP, profile ros1");
    }
  }

  @Test
  void onlyTheTopicsAskedForAreCopiedAndOneThatIsNotThereIsAnError() throws Exception {
    Path bag = sample();
    Path one = folder.resolve("one.mcap");
    assertThat(run("convert", bag, one, "--topics", "/image")).isEqualTo(ExitStatus.OK);
    assertThat(messages(one)).hasSize(30).allMatch(line -> line.startsWith("/image"));
    Path none = folder.resolve("none.mcap");
    assertThat(run("convert", bag, none, "--topics", "/depth")).isEqualTo(ExitStatus.FAILED);
    assertThat(err.toString()).contains("has no topic /depth; it has /image, /pose");
    assertThat(none).doesNotExist();
  }

  @Test
  void whatIsLeftOfACutBagIsMadeWhole() throws Exception {
    byte[] bytes = Files.readAllBytes(sample());
    Path cut = Files.write(folder.resolve("cut.bag"), Arrays.copyOf(bytes, bytes.length / 2));
    Path whole = folder.resolve("whole.bag");
    assertThat(run("convert", cut, whole)).isEqualTo(ExitStatus.OK);
    assertThat(err.toString()).contains("recovered");
    assertThat(messages(whole)).isNotEmpty().isEqualTo(messages(cut));
    try (Bag opened = Bags.open(whole)) {
      opened.messages(c -> true).forEachRemaining(message -> {});
      assertThat(opened.warnings()).isEmpty();
    }
  }

  @Test
  void aFileThatIsThereIsKeptUnlessForcedAndAStrangeKindIsRefused() throws Exception {
    Path bag = sample();
    Path there = Files.writeString(folder.resolve("there.mcap"), "precious");
    assertThat(run("convert", bag, there)).isEqualTo(ExitStatus.FAILED);
    assertThat(there).hasContent("precious");
    assertThat(run("convert", bag, there, "--force")).isEqualTo(ExitStatus.OK);
    assertThat(messages(there)).hasSize(60);
    assertThat(run("convert", bag, folder.resolve("x.db3"))).isEqualTo(ExitStatus.USAGE);
    assertThat(run("convert", bag, folder.resolve("z.bag"), "--compression", "zstd"))
        .isEqualTo(ExitStatus.USAGE);
    assertThat(err.toString())
        .contains("already a file", "must end in .bag or .mcap", "a ROS 1 bag has no zstd");
  }

  @Test
  void whatAnMcapFileHoldsBesideMessagesIsNotLeftOutInSilence() throws Exception {
    Path from = folder.resolve("with.mcap");
    try (McapWriter writer = McapWriter.create(from, "ros1", McapWriter.Compression.NONE)) {
      writer.addAttachment("a", "text/plain", new Timestamp(1), new byte[3]);
      writer.addMetadata("m", Map.of("k", "v"));
    }
    assertThat(run("convert", from, folder.resolve("out.mcap"))).isEqualTo(ExitStatus.OK);
    assertThat(err.toString()).contains("with.mcap: 2 attachments and metadata are not copied");
  }

  private Path sample() throws IOException {
    Path path = folder.resolve("sample.bag");
    Random random = new Random(7);
    try (BagWriter bag = BagWriter.create(path, BagWriter.Compression.NONE)) {
      int images = bag.addConnection("/image", Ros1Type.IMAGE);
      int poses = bag.addConnection("/pose", Ros1Type.POSE_STAMPED);
      for (int i = 0; i < 60; i++) {
        byte[] message = new byte[random.nextInt(60_000)];
        random.nextBytes(message);
        bag.write(i % 2 == 0 ? images : poses, new Timestamp(1_000_000_000L + i), message);
      }
    }
    return path;
  }

  /** Topic, type, checksum, time and bytes of each message, in order. */
  private static List<String> messages(Path path) {
    List<String> lines = new ArrayList<>();
    try (Bag bag = Bags.open(path)) {
      for (Iterator<BagMessage> all = bag.messages(c -> true); all.hasNext(); ) {
        BagMessage m = all.next();
        byte[] bytes = new byte[m.data().remaining()];
        m.data().get(bytes);
        lines.add(
            "%s %s %s %d %s"
                .formatted(
                    m.channel().topic(),
                    m.channel().type(),
                    m.channel().md5(),
                    m.recordTime().nanos(),
                    Arrays.toString(bytes)));
      }
    }
    return lines;
  }

  private int run(Object... words) {
    List<String> line = new ArrayList<>(List.of("bag"));
    for (Object word : words) {
      line.add(word.toString());
    }
    return ParallaxCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(line.toArray(new String[0]));
  }
}
