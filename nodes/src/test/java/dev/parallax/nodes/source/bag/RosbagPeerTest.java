package dev.parallax.nodes.source.bag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.Tools;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosPictures;
import dev.parallax.nodes.codec.RosPoseStamped;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our bags and ROS's own rosbag read one another. */
class RosbagPeerTest {
  private static final int FRAMES = 12;
  private static final String READ_ALL =
      """
      import hashlib, sys, rosbag
      with rosbag.Bag(sys.argv[1]) as bag:
          for topic, (kind, data, md5, _, _), t in bag.read_messages(raw=True):
              print(topic, kind, md5, t.to_nsec(), hashlib.md5(data).hexdigest())
          for topic, message, t in bag.read_messages():
              assert message.header.frame_id == 'cam', message.header
      """;

  @TempDir Path folder;

  @BeforeEach
  void rosbagIsThere() {
    Tools.require("rosbag", "python3-rosbag python3-sensor-msgs python3-geometry-msgs");
  }

  @ParameterizedTest
  @EnumSource(BagWriter.Compression.class)
  void rosbagReadsOurBagsMessageByMessage(BagWriter.Compression compression) throws Exception {
    Path bag = write(compression);
    assertThat(Tools.run(folder, "rosbag", "info", bag.toString()))
        .containsPattern("messages: +24")
        .containsPattern("compression: +" + compression.name().toLowerCase(Locale.ROOT))
        .contains("sensor_msgs/Image");
    Tools.run(folder, "rosbag", "check", bag.toString());
    assertThat(Tools.run(folder, "/usr/bin/python3", "-c", READ_ALL, bag.toString()).lines())
        .containsExactlyElementsOf(lines(bag));
  }

  @Test
  void weReadWhatRosbagCompressedWithLz4() throws Exception {
    Path bag = write(BagWriter.Compression.NONE);
    List<String> before = lines(bag);
    Tools.run(folder, "rosbag", "compress", "--lz4", bag.toString());
    assertThat(BagReader.open(bag).summary().chunks()).containsOnlyKeys("lz4");
    assertThat(lines(bag)).containsExactlyElementsOf(before);
    assertThat(BagReader.open(bag).warnings()).isEmpty();
  }

  @Test
  void aBagThatRosbagReindexedIsToUsWhatItIsToRosbag() throws Exception {
    Path bag = write(BagWriter.Compression.LZ4);
    List<String> before = lines(bag);
    byte[] bytes = Files.readAllBytes(bag);
    Path active = folder.resolve("cut.bag");
    BagIndex index = RosbagIndex.read(MappedFile.open(bag));
    assertThat(index).isNotNull();
    BagChunk last = index.chunks().get(index.chunks().size() - 1);
    int end = (int) (last.dataPosition() + last.dataLength());
    Files.write(active, Arrays.copyOf(bytes, end));
    assertThat(lines(active)).containsExactlyElementsOf(before);
    Tools.run(folder, "rosbag", "reindex", active.toString());
    assertThat(lines(active))
        .containsExactlyElementsOf(
            Tools.run(folder, "/usr/bin/python3", "-c", READ_ALL, active.toString())
                .lines()
                .toList());
  }

  /** Topic, type, checksum, time and a digest of the bytes: what {@link #READ_ALL} prints. */
  private static List<String> lines(Path path) throws Exception {
    List<String> lines = new ArrayList<>();
    Iterator<BagMessage> messages = BagReader.open(path).messages(c -> true);
    while (messages.hasNext()) {
      BagMessage m = messages.next();
      MessageDigest digest = MessageDigest.getInstance("MD5");
      digest.update(m.data().duplicate());
      lines.add(
          "%s %s %s %d %s"
              .formatted(
                  m.channel().topic(),
                  m.channel().type(),
                  m.channel().md5(),
                  m.recordTime().nanos(),
                  HexFormat.of().formatHex(digest.digest())));
    }
    return lines;
  }

  private Path write(BagWriter.Compression compression) throws IOException {
    Path path = folder.resolve("ours.bag");
    Random random = new Random(5);
    RosPictures pictures = new RosPictures();
    try (BagWriter writer = BagWriter.create(path, compression, 100_000)) {
      int images = writer.addConnection("/cam/image", Ros1Type.IMAGE);
      int poses = writer.addConnection("/pose", Ros1Type.POSE_STAMPED);
      for (int i = 0; i < FRAMES; i++) {
        Timestamp time = new Timestamp(1_700_000_000_000_000_001L + 33_000_000L * i);
        RosHeader header = new RosHeader(i, time, "cam");
        byte[] pixels = new byte[160 * 120];
        random.nextBytes(pixels);
        Picture picture = new Picture(160, 120, Picture.Format.MONO8, pixels);
        writer.write(images, time, pictures.message(picture, header).toBytes());
        Timestamp after = new Timestamp(time.nanos() + 1);
        writer.write(poses, after, new RosPoseStamped(header, Se3.identity()).toBytes());
      }
    }
    return path;
  }
}
