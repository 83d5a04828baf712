package dev.parallax.nodes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.source.bag.BagWriter;
import dev.parallax.perception.frame.Timestamp;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BagInfoCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  @Test
  void tellsTopicsTypesRatesAndStorage() throws Exception {
    assertThat(info(sample("a.bag"))).isEqualTo(ExitStatus.OK);
    assertThat(out.toString())
        .contains("format    ROS 1 bag 2.0, 1 chunk lz4")
        .contains("duration  2.00 s")
        .contains("messages  22")
        .containsPattern("/imu +21 +10\\.0 Hz +geometry_msgs/PoseStamped \\[ros1\\]")
        .containsPattern("/once +1 +geometry_msgs/PoseStamped")
        .contains("2001-09-09 01:46:40.000 UTC (1000000000.000000000)")
        .contains("refuses: holds no pictures");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aCutBagIsToldAndOneThatCannotBeReadDoesNotStopTheRest() throws Exception {
    Path whole = sample("a.bag");
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = Files.write(folder.resolve("cut.bag"), Arrays.copyOf(bytes, bytes.length - 30));
    Path none = folder.resolve("none.bag");
    assertThat(info(none, cut)).isEqualTo(ExitStatus.USAGE);
    assertThat(out.toString()).contains("messages  22");
    assertThat(err.toString())
        .contains("none.bag: no such file")
        .contains("cut.bag: no usable index")
        .contains("recovered 22 messages");
  }

  private Path sample(String name) throws IOException {
    Path path = folder.resolve(name);
    try (BagWriter bag = BagWriter.create(path, BagWriter.Compression.LZ4)) {
      int once = bag.addConnection("/once", Ros1Type.POSE_STAMPED);
      int imu = bag.addConnection("/imu", Ros1Type.POSE_STAMPED);
      bag.write(once, new Timestamp(1_000_000_000_000_000_000L), new byte[9]);
      for (int i = 0; i <= 20; i++) {
        bag.write(imu, new Timestamp(1_000_000_000_000_000_000L + 100_000_000L * i), new byte[9]);
      }
    }
    return path;
  }

  private int info(Path... files) {
    String[] words = new String[files.length + 2];
    words[0] = "bag";
    words[1] = "info";
    for (int i = 0; i < files.length; i++) {
      words[i + 2] = files[i].toString();
    }
    return ParallaxCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(words);
  }
}
