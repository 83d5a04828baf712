package dev.parallax.nodes.source.bag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.perception.frame.Timestamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recorder whose power fails: the file ends anywhere. */
class BagCutTest {
  private static final int CUTS = 200;
  private static final int MESSAGES = 400;
  private static final int CHUNK_BYTES = 20_000;

  @TempDir Path folder;

  @Test
  void aPlainBagCutAnywhereYieldsEveryMessageThatIsWholeInIt() throws Exception {
    Path path = write(BagWriter.Compression.NONE);
    List<Long> ends = messageEnds(path);
    assertThat(ends).hasSize(MESSAGES);
    cutAnywhere(path, length -> (int) ends.stream().filter(end -> end <= length).count(), true);
  }

  @Test
  void anLz4BagCutAnywhereYieldsAtLeastEveryWholeChunk() throws Exception {
    Path path = write(BagWriter.Compression.LZ4);
    BagIndex index = RosbagIndex.read(MappedFile.open(path));
    assertThat(index).isNotNull();
    cutAnywhere(
        path,
        length ->
            (int)
                index.chunks().stream()
                    .filter(chunk -> chunk.dataPosition() + chunk.dataLength() <= length)
                    .mapToLong(BagChunk::messageCount)
                    .sum(),
        false);
  }

  private interface Whole {
    int messagesIn(int length);
  }

  private void cutAnywhere(Path path, Whole whole, boolean exactly) throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    Path cut = folder.resolve("cut.bag");
    Random random = new Random(11);
    for (int trial = 0; trial < CUTS; trial++) {
      int length =
          RosbagIndex.MAGIC.length() + random.nextInt(bytes.length - RosbagIndex.MAGIC.length());
      Files.write(cut, Arrays.copyOf(bytes, length));
      BagReader bag = BagReader.open(cut);
      int number = 0;
      for (Iterator<BagMessage> all = bag.messages(c -> true); all.hasNext(); number++) {
        BagMessage message = all.next();
        byte[] data = new byte[message.data().remaining()];
        message.data().get(data);
        assertThat(data).as("message %d, cut at %d", number, length).isEqualTo(message(number));
      }
      if (exactly) {
        assertThat(number).as("cut at %d", length).isEqualTo(whole.messagesIn(length));
      } else {
        assertThat(number).as("cut at %d", length).isBetween(whole.messagesIn(length), MESSAGES);
      }
      assertThat(bag.warnings()).as("cut at %d", length).isNotEmpty();
    }
  }

  private Path write(BagWriter.Compression compression) throws IOException {
    Path path = folder.resolve("whole.bag");
    try (BagWriter writer = BagWriter.create(path, compression, CHUNK_BYTES)) {
      int a = writer.addConnection("/a", Ros1Type.IMAGE);
      int b = writer.addConnection("/b", Ros1Type.POSE_STAMPED);
      for (int i = 0; i < MESSAGES; i++) {
        writer.write(i % 3 == 0 ? a : b, new Timestamp(1_000_000L * i), message(i));
      }
    }
    return path;
  }

  /** Of 0 to 5000 bytes; every third does not compress. */
  private static byte[] message(int number) {
    Random random = new Random(number);
    byte[] message = new byte[number % 10 == 0 ? random.nextInt(5000) : 4 * (number % 50)];
    if (number % 3 == 0) {
      random.nextBytes(message);
    } else {
      Arrays.fill(message, (byte) number);
    }
    return message;
  }

  /** One past the last byte of each message in a plain bag. */
  private static List<Long> messageEnds(Path path) throws IOException {
    MappedFile file = MappedFile.open(path);
    List<Long> ends = new ArrayList<>();
    BagIndex index = RosbagIndex.read(file);
    for (BagChunk chunk : index == null ? List.<BagChunk>of() : index.chunks()) {
      ChunkContents contents =
          RosbagChunk.parse(file.slice(chunk.dataPosition(), chunk.dataLength()));
      for (ChunkContents.Entry entry : contents.messages()) {
        ends.add(chunk.dataPosition() + entry.offset() + entry.length());
      }
    }
    return ends;
  }
}
