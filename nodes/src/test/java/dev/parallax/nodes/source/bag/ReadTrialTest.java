package dev.parallax.nodes.source.bag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.perception.frame.Timestamp;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadTrialTest {
  @TempDir Path folder;

  @Test
  void readsEveryMessageInEachRound() throws Exception {
    Path path = folder.resolve("x.bag");
    try (BagWriter bag = BagWriter.create(path, BagWriter.Compression.NONE)) {
      int topic = bag.addConnection("/a", Ros1Type.IMAGE);
      for (int i = 0; i < 10; i++) {
        bag.write(topic, new Timestamp(i), new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 1});
      }
    }
    ReadTrial trial = new ReadTrial(BagReader::open, 2);
    ReadTrial.Result result = trial.run(path);
    assertThat(result.messages()).isEqualTo(10);
    assertThat(result.messageBytes()).isEqualTo(90);
    assertThat(result.bagBytesPerSecond()).isPositive();
    assertThat(result.plainBytesPerSecond()).isPositive();
    assertThat(trial.checksum()).isNotZero();
  }
}
