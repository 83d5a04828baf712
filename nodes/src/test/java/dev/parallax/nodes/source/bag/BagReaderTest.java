package dev.parallax.nodes.source.bag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.parallax.nodes.RealData;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.source.SourceException;
import dev.parallax.perception.frame.Timestamp;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BagReaderTest {
  private static final int MESSAGES = 40;
  private static final int CHUNK_BYTES = 700;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(BagWriter.Compression.class)
  void whatIsWrittenIsReadBackInTheOrderOfTime(BagWriter.Compression compression) throws Exception {
    BagReader bag = BagReader.open(sampleBag(compression));
    assertThat(bag.warnings()).isEmpty();
    assertThat(numbers(bag)).containsExactlyElementsOf(inOrder());
    assertThat(bag.summary().messageCount()).isEqualTo(MESSAGES);
    assertThat(bag.summary().topics())
        .extracting(BagSummary.Topic::name, BagSummary.Topic::type, BagSummary.Topic::count)
        .containsExactly(
            tuple("/a", "sensor_msgs/Image", 20L), tuple("/b", "geometry_msgs/PoseStamped", 20L));
  }

  @Test
  void chunksThatOverlapInTimeAreMerged() throws Exception {
    Path path = folder.resolve("overlap.bag");
    try (BagWriter writer = BagWriter.create(path, BagWriter.Compression.NONE, 1)) {
      int a = writer.addConnection("/a", Ros1Type.IMAGE); // a chunk for each message
      for (int number : new int[] {5, 1, 4, 0, 3, 2}) {
        writer.write(a, new Timestamp(1_000_000L * number), number(number));
      }
    }
    assertThat(numbers(BagReader.open(path))).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void onlyTheTopicsAskedForAreRead() throws Exception {
    BagReader bag = BagReader.open(sampleBag(BagWriter.Compression.LZ4));
    List<Integer> found = new ArrayList<>();
    bag.messages(Set.of("/b")).forEachRemaining(m -> found.add(numberIn(m)));
    assertThat(found).hasSize(20).allMatch(n -> n % 2 == 1).isSorted();
  }

  @ParameterizedTest
  @EnumSource(BagWriter.Compression.class)
  void aBagCutAnywhereGivesAPrefixAndSaysWhatIsLost(BagWriter.Compression compression)
      throws Exception {
    byte[] whole = Files.readAllBytes(sampleBag(compression));
    Path cut = folder.resolve("cut.bag");
    int best = 0;
    for (int length = RosbagIndex.MAGIC.length(); length < whole.length; length += 13) {
      Files.write(cut, Arrays.copyOf(whole, length));
      BagReader bag = BagReader.open(cut);
      List<Integer> found = numbers(bag);
      assertThat(found).as("cut at %d", length).isSubsetOf(inOrder()).doesNotHaveDuplicates();
      assertThat(found.size()).as("cut at %d", length).isGreaterThanOrEqualTo(best);
      assertThat(bag.summary().messageCount()).isEqualTo(found.size());
      assertThat(bag.warnings().get(0))
          .contains("recovered %d messages".formatted(found.size()))
          .containsPattern("(no bytes lost|at least \\d+ bytes lost)");
      best = found.size();
    }
    assertThat(best).isEqualTo(MESSAGES); // a cut within the index loses no message
  }

  @Test
  void aBagStillBeingRecordedIsRead() throws Exception {
    // The recorder leaves the chunk it is writing with length 0 and the records behind it.
    byte[] whole = Files.readAllBytes(sampleBag(BagWriter.Compression.NONE, 100_000));
    Path path = folder.resolve("x.bag.active");
    int chunk = indexOf(whole, "compression=none", 0) - 8;
    int lengthAt = chunk + 4 + ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(chunk);
    byte[] active = Arrays.copyOf(whole, lengthAt + 4 + 3000);
    Arrays.fill(active, lengthAt, lengthAt + 4, (byte) 0);
    Files.write(path, active);
    BagReader bag = BagReader.open(path);
    List<Integer> found = numbers(bag);
    assertThat(found)
        .hasSizeBetween(10, MESSAGES - 1)
        .containsExactlyElementsOf(inOrder().subList(0, found.size()));
    assertThat(bag.warnings().get(0)).contains("bytes lost");
  }

  @Test
  void damageInTheMiddleCostsOnlyTheMessagesThere() throws Exception {
    byte[] bag = Files.readAllBytes(sampleBag(BagWriter.Compression.LZ4));
    int second = indexOf(bag, "compression=lz4", indexOf(bag, "compression=lz4", 0) + 1);
    Arrays.fill(bag, second + 60, second + 120, (byte) 0x55);
    Path path = folder.resolve("damaged.bag");
    Files.write(path, bag);
    BagReader reader = BagReader.open(path);
    List<Integer> found = numbers(reader);
    assertThat(found).isSubsetOf(inOrder());
    assertThat(found.size()).isBetween(MESSAGES / 2, MESSAGES - 1);
    assertThat(reader.warnings()).hasSize(1).allMatch(w -> w.contains("messages lost"));
  }

  @Test
  void recoveryFindsTheNextChunkAfterDamagedHeaders() throws Exception {
    byte[] bag = Files.readAllBytes(sampleBag(BagWriter.Compression.LZ4));
    byte[] cut = Arrays.copyOf(bag, bag.length - 40); // no index: the scan must find its way
    int second = indexOf(cut, "compression=lz4", indexOf(cut, "compression=lz4", 0) + 1);
    Arrays.fill(cut, second - 8, second + 40, (byte) 0x55);
    Path path = folder.resolve("damaged.bag");
    Files.write(path, cut);
    BagReader reader = BagReader.open(path);
    assertThat(numbers(reader).size()).isBetween(MESSAGES / 2, MESSAGES - 1);
    assertThat(reader.warnings().get(0)).contains("at least");
  }

  @Test
  void noiseNeverThrowsAnythingButASourceException() throws Exception {
    byte[] whole = Files.readAllBytes(sampleBag(BagWriter.Compression.NONE));
    Path path = folder.resolve("noise.bag");
    Random random = new Random(3);
    for (int trial = 0; trial < 300; trial++) {
      byte[] noisy = whole.clone();
      for (int k = 0; k < 6; k++) {
        int at =
            RosbagIndex.MAGIC.length() + random.nextInt(whole.length - RosbagIndex.MAGIC.length());
        noisy[at] = (byte) random.nextInt(256);
      }
      Files.write(path, noisy);
      try {
        BagReader bag = BagReader.open(path);
        bag.messages(c -> true).forEachRemaining(m -> assertThat(m.data()).isNotNull());
      } catch (SourceException e) {
        assertThat(e).hasMessageContaining("noise.bag");
      }
    }
  }

  @Test
  void chunksBeyondTwoGigabytesAreFound() throws Exception {
    // The second chunk lies behind a hole that the file system does not store.
    Path path = sampleBag(BagWriter.Compression.NONE);
    long hole = 5L << 29; // 2.5 GiB
    byte[] whole = Files.readAllBytes(path);
    int second = indexOf(whole, "compression=none", indexOf(whole, "compression=none", 0) + 1) - 8;
    Path large = folder.resolve("large.bag");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.write(whole, 0, second);
      writeHole(file, hole);
      file.write(whole, second, indexOf(whole, "op=\7", second + 1400) - second);
    }
    BagReader bag = BagReader.open(large);
    assertThat(numbers(bag).size()).isGreaterThan(MESSAGES / 4);
    assertThat(bag.summary().topics()).hasSize(2);
  }

  @Test
  void slicesCrossTheWindowsOfTheMapping() throws Exception {
    Path path = folder.resolve("bytes");
    byte[] bytes = new byte[1000];
    new Random(1).nextBytes(bytes);
    Files.write(path, bytes);
    MappedFile file = MappedFile.open(path, 64);
    for (int from = 0; from < bytes.length; from += 7) {
      ByteBuffer slice = file.slice(from, 63);
      byte[] got = new byte[slice.limit()];
      slice.get(got);
      assertThat(got).isEqualTo(Arrays.copyOfRange(bytes, from, Math.min(from + 63, 1000)));
    }
  }

  @Test
  void otherVersionsAndEncryptedBagsAreRefusedByName() throws Exception {
    assertRefused("#ROSBAG V1.2\nrest", "version 1.2", "rosbag fix");
    assertRefused("not a bag", "not a ROS 1 bag");
    assertRefused("", "it is empty");
    String header = "encryptor=rosbag/AesCbcEncryptor";
    ByteBuffer fields = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
    fields.put(RosbagIndex.MAGIC.getBytes(StandardCharsets.US_ASCII));
    fields.putInt(4 + header.length() + 8).putInt(header.length());
    fields.put(header.getBytes(StandardCharsets.US_ASCII));
    fields.putInt(4).put(new byte[] {'o', 'p', '=', 3}).putInt(0);
    Path path = folder.resolve("encrypted.bag");
    Files.write(path, fields.array());
    assertThatThrownBy(() -> BagReader.open(path))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("encrypted (rosbag/AesCbcEncryptor)");
  }

  @Test
  void theBz2BagOfAVehicleIsReadInFull() {
    BagReader bag = BagReader.open(RealData.path("bags/sail_run1_bz2_imu_gps_odom.bag"));
    long count = 0;
    long before = Long.MIN_VALUE;
    Iterator<BagMessage> messages = bag.messages(c -> true);
    while (messages.hasNext()) {
      long time = messages.next().recordTime().nanos();
      assertThat(time).isGreaterThanOrEqualTo(before);
      before = time;
      count++;
    }
    assertThat(count).isEqualTo(37_686);
    assertThat(bag.summary().messageCount()).isEqualTo(37_686);
    assertThat(bag.warnings()).isEmpty();
  }

  @Test
  void aRealBagCutInHalfGivesAboutHalfItsMessages() throws Exception {
    byte[] whole = Files.readAllBytes(RealData.path("bags/sail_run1_bz2_imu_gps_odom.bag"));
    Path cut = folder.resolve("half.bag");
    Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
    BagReader bag = BagReader.open(cut);
    assertThat(numbersOf(bag)).isBetween(12_000, 25_000);
    assertThat(bag.warnings().get(0)).contains("recovered");
  }

  private void assertRefused(String content, String... words) throws IOException {
    Path path = folder.resolve("refused.bag");
    Files.writeString(path, content);
    assertThatThrownBy(() -> BagReader.open(path))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("refused.bag")
        .hasMessageContainingAll(words);
  }

  /** Two topics in turn, one message a millisecond, in several chunks. */
  private Path sampleBag(BagWriter.Compression compression) throws IOException {
    return sampleBag(compression, CHUNK_BYTES);
  }

  private Path sampleBag(BagWriter.Compression compression, int chunkBytes) throws IOException {
    Path path = folder.resolve("sample-" + compression + ".bag");
    try (BagWriter writer = BagWriter.create(path, compression, chunkBytes)) {
      int a = writer.addConnection("/a", Ros1Type.IMAGE);
      int b = writer.addConnection("/b", Ros1Type.POSE_STAMPED);
      for (int i = 0; i < MESSAGES; i++) {
        writer.write(
            i % 2 == 0 ? a : b, new Timestamp(1_500_000_000_000L + 1_000_000L * i), number(i));
      }
    }
    return path;
  }

  private static List<Integer> inOrder() {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      numbers.add(i);
    }
    return numbers;
  }

  private static byte[] number(int number) {
    byte[] message = new byte[24];
    Arrays.fill(message, (byte) (37 * number));
    message[0] = (byte) number;
    return message;
  }

  private static int numberIn(BagMessage message) {
    byte[] bytes = new byte[message.data().remaining()];
    message.data().duplicate().get(bytes);
    assertThat(bytes).isEqualTo(number(bytes[0]));
    return bytes[0];
  }

  private static List<Integer> numbers(BagReader bag) {
    List<Integer> found = new ArrayList<>();
    bag.messages(c -> true).forEachRemaining(m -> found.add(numberIn(m)));
    return found;
  }

  private static int numbersOf(BagReader bag) {
    int count = 0;
    for (Iterator<BagMessage> all = bag.messages(c -> true); all.hasNext(); all.next()) {
      count++;
    }
    return count;
  }

  /** Two records of an unknown kind that fill {@code bytes} of the file together. */
  private static void writeHole(RandomAccessFile file, long bytes) throws IOException {
    long end = file.getFilePointer() + bytes;
    for (long part : new long[] {bytes / 2, bytes - bytes / 2}) {
      ByteBuffer record = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
      record.putInt(8).putInt(4).put(new byte[] {'o', 'p', '=', 0x7f}).putInt((int) (part - 16));
      long next = file.getFilePointer() + part;
      file.write(record.array());
      file.seek(next);
    }
    assertThat(file.getFilePointer()).isEqualTo(end);
  }

  private static int indexOf(byte[] bytes, String text, int from) {
    return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text, from);
  }
}
