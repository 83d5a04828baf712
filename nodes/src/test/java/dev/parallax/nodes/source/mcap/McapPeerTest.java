package dev.parallax.nodes.source.mcap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.NpmPeers;
import dev.parallax.perception.frame.Timestamp;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our files, read by the format's reference reader for JavaScript. */
class McapPeerTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(McapWriter.Compression.class)
  void theReferenceReaderFindsEveryMessageByIndexAndAsAStream(McapWriter.Compression compression)
      throws Exception {
    Path path = folder.resolve("ours.mcap");
    McapFixture.write(path, compression, 20_000);
    List<String> expected = new ArrayList<>();
    int[] sequence = new int[2];
    for (int i = 0; i < McapFixture.MESSAGES; i++) {
      String topic = i % 3 == 0 ? "/a" : "/b";
      expected.add(
          "message %s %d %d %s"
              .formatted(
                  topic,
                  sequence[i % 3 == 0 ? 0 : 1]++,
                  McapFixture.time(i).nanos(),
                  md5(McapFixture.message(i))));
    }
    String printed = NpmPeers.run("read-mcap.mjs", path.toString());
    assertThat(printed.lines().filter(line -> line.startsWith("message"))).isEqualTo(expected);
    assertThat(printed)
        .contains("profile ros1")
        .contains("channel /a ros1 pkg/Type ros1msg")
        .contains("channel /b cdr pkg/Type ros2msg");
  }

  @Test
  void attachmentsAndMetadataAreFoundToo() throws Exception {
    Path path = folder.resolve("ours.mcap");
    byte[] data = {1, 2, 3};
    try (McapWriter writer = McapWriter.create(path, "", McapWriter.Compression.NONE)) {
      writer.addAttachment("config.yaml", "text/yaml", new Timestamp(5), data);
      writer.addMetadata("run", Map.of("b", "2", "a", "1"));
    }
    assertThat(
            NpmPeers.run("read-mcap.mjs", path.toString())
                .lines()
                .filter(line -> !line.startsWith("profile"))
                .collect(Collectors.toList()))
        .containsExactly(
            "attachment config.yaml text/yaml " + md5(data),
            "metadata run [[\"a\",\"1\"],[\"b\",\"2\"]]",
            "indexed-attachment config.yaml",
            "indexed-metadata run");
  }

  private static String md5(byte[] data) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(data));
  }
}
