package dev.parallax.nodes.source.mcap;

import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagChannel;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.perception.frame.Timestamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Files of numbered messages, from which each message can be told. */
final class McapFixture {
  static final int MESSAGES = 400;
  private static final long START_NS = 1_700_000_000_000_000_000L;

  private McapFixture() {}

  /** Two channels in turn, one message a millisecond, in many chunks. */
  static void write(Path path, McapWriter.Compression compression, int chunkBytes)
      throws IOException {
    try (McapWriter writer = McapWriter.create(path, "ros1", compression, chunkBytes)) {
      int a = writer.addChannel(channel("/a", "ros1"));
      int b = writer.addChannel(channel("/b", "cdr"));
      for (int i = 0; i < MESSAGES; i++) {
        writer.write(i % 3 == 0 ? a : b, time(i), ByteBuffer.wrap(message(i)));
      }
    }
  }

  static BagChannel channel(String topic, String encoding) {
    byte[] definition = "uint8 x\n".getBytes(StandardCharsets.UTF_8);
    return new BagChannel(
        0,
        topic,
        encoding,
        new BagChannel.Schema(
            "pkg/Type", encoding.equals("cdr") ? "ros2msg" : "ros1msg", definition),
        Map.of("note", "of " + topic));
  }

  static Timestamp time(int number) {
    return new Timestamp(START_NS + 1_000_000L * number);
  }

  /** Of 0 to 5000 bytes; every third does not compress. */
  static byte[] message(int number) {
    Random random = new Random(number);
    byte[] message = new byte[number % 10 == 0 ? random.nextInt(5000) : 4 * (number % 50)];
    if (number % 3 == 0) {
      random.nextBytes(message);
    } else {
      Arrays.fill(message, (byte) number);
    }
    return message;
  }

  /** The numbers of a bag's messages by their times; -1 for one whose bytes are not its own. */
  static List<Integer> numbers(Bag bag) {
    List<Integer> numbers = new ArrayList<>();
    for (Iterator<BagMessage> all = bag.messages(c -> true); all.hasNext(); ) {
      BagMessage message = all.next();
      int number = (int) ((message.recordTime().nanos() - START_NS) / 1_000_000L);
      byte[] bytes = new byte[message.data().remaining()];
      message.data().get(bytes);
      String topic = number % 3 == 0 ? "/a" : "/b";
      boolean right =
          Arrays.equals(bytes, message(number)) && message.channel().topic().equals(topic);
      numbers.add(right ? number : -1);
    }
    return numbers;
  }

  static List<Integer> all() {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      all.add(i);
    }
    return all;
  }
}
