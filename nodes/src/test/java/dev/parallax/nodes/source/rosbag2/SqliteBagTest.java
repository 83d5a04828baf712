package dev.parallax.nodes.source.rosbag2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.nodes.codec.RosCameraInfo;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosImage;
import dev.parallax.nodes.codec.RosPictures;
import dev.parallax.nodes.source.Bags;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.RecordingOptions;
import dev.parallax.nodes.source.Recordings;
import dev.parallax.nodes.source.SourceException;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagChannel;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteBagTest {
  private static final int FRAMES = 20;
  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;

  @TempDir Path folder;

  @Test
  void playsThePicturesOfARos2CameraInOrder() throws Exception {
    Path path = write();
    try (FrameSource source = Recordings.open(path, RecordingOptions.defaults())) {
      assertThat(source.name()).contains("camera.db3 /cam/image_raw");
      assertThat(source.frameCount()).hasValue(FRAMES);
      for (int i = 0; i < FRAMES; i++) {
        SourceItem.Frame item = (SourceItem.Frame) source.next();
        assertThat(item.stamp()).isEqualTo(stamp(i));
        assertThat(item.frame().picture().data()).isEqualTo(picture(i).data());
        assertThat(item.frame().calibration().model().rectified().fx()).isEqualTo(50);
      }
      assertThat(source.next()).isNull();
      assertThat(source.warnings()).isEmpty();
    }
  }

  @Test
  void tellsTypesDefinitionsAndCounts() throws Exception {
    try (SqliteBag bag = SqliteBag.open(write())) {
      assertThat(bag.summary().messageCount()).isEqualTo(2 * FRAMES);
      BagChannel images =
          bag.channels().stream()
              .filter(c -> c.topic().equals("/cam/image_raw"))
              .findFirst()
              .orElseThrow();
      assertThat(images.type()).isEqualTo("sensor_msgs/msg/Image");
      assertThat(images.encoding()).isEqualTo("cdr");
      assertThat(images.schema().encoding()).isEqualTo("ros2msg");
      assertThat(images.definition()).isEqualTo("uint32 height");
      assertThat(images.metadata()).containsEntry("offered_qos_profiles", "- history: 3");
      List<Long> times = new ArrayList<>();
      bag.messages(Set.of("/cam/image_raw"))
          .forEachRemaining(m -> times.add(m.recordTime().nanos()));
      assertThat(times).hasSize(FRAMES).isSorted();
    }
  }

  @Test
  void aDamagedFileGivesWhatItStillHoldsOrIsRefusedByName() throws Exception {
    byte[] whole = Files.readAllBytes(write());
    Random random = new Random(4);
    int opened = 0;
    for (int trial = 0; trial < 40; trial++) {
      byte[] damaged = Arrays.copyOf(whole, 200 + random.nextInt(whole.length - 200));
      Path path = Files.write(folder.resolve("cut.db3"), damaged);
      try (SqliteBag bag = SqliteBag.open(path)) {
        List<BagMessage> found = new ArrayList<>();
        bag.messages(c -> true).forEachRemaining(found::add);
        assertThat(found.size() == 2 * FRAMES || !bag.warnings().isEmpty())
            .as("%d messages of a file cut at %d", found.size(), damaged.length)
            .isTrue();
        opened++;
      } catch (SourceException e) {
        assertThat(e).hasMessageContaining("cut.db3");
      }
    }
    assertThat(opened).isLessThan(40);
  }

  @Test
  void whatIsNoRecordingIsRefusedByName() throws Exception {
    Path text = Files.writeString(folder.resolve("text.db3"), "hello, this is no database");
    assertThatThrownBy(() -> SqliteBag.open(text))
        .isInstanceOf(SourceException.class)
        .hasMessageContainingAll("text.db3", "no SQLite file");
    Path other = folder.resolve("other.db3");
    try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + other);
        Statement statement = database.createStatement()) {
      statement.execute("CREATE TABLE things(id INTEGER)");
    }
    assertThatThrownBy(() -> SqliteBag.open(other))
        .isInstanceOf(SourceException.class)
        .hasMessageContainingAll("other.db3", "no such table");
  }

  @Test
  void aFolderOfRosbag2IsReadAsOneRecording() throws Exception {
    Path recording = recording("camera_0.db3", "recording/camera_1.db3", "camera_2.db3");
    write(recording.resolve("camera_0.db3"), 0, 7);
    write(recording.resolve("camera_1.db3"), 7, FRAMES);
    try (FrameSource source = Recordings.open(recording, RecordingOptions.defaults())) {
      assertThat(source.frameCount()).hasValue(FRAMES);
      for (int i = 0; i < FRAMES; i++) {
        SourceItem.Frame item = (SourceItem.Frame) source.next();
        assertThat(item.stamp()).isEqualTo(stamp(i));
        assertThat(item.frame().picture().data()).isEqualTo(picture(i).data());
      }
      assertThat(source.next()).isNull();
      assertThat(source.warnings())
          .as("the rest is played, and what is missing told")
          .singleElement()
          .asString()
          .contains("camera_2.db3", "no such file");
    }
    try (Bag bag = Bags.open(recording)) {
      assertThat(bag.summary().messageCount()).isEqualTo(2 * FRAMES);
      assertThat(Bags.sizeBytes(recording))
          .isGreaterThan(Files.size(recording.resolve("camera_0.db3")));
      assertThat(bag.channels()).hasSize(2).extracting(BagChannel::id).doesNotHaveDuplicates();
    }
  }

  @Test
  void aFolderWithoutItsFilesOrWithPackedOnesIsRefusedByName() throws Exception {
    Path recording = recording("gone.db3");
    assertThatThrownBy(() -> Recordings.open(recording, RecordingOptions.defaults()))
        .isInstanceOf(SourceException.class)
        .hasMessageContainingAll("recording", "gone.db3");
    Files.writeString(
        recording.resolve("metadata.yaml"),
        "  compression_mode: FILE\n",
        StandardOpenOption.APPEND);
    assertThatThrownBy(() -> Recordings.open(recording, RecordingOptions.defaults()))
        .isInstanceOf(SourceException.class)
        .hasMessageContainingAll("compression mode FILE", "ros2 bag convert");
  }

  private Path recording(String... files) throws Exception {
    Path recording = Files.createDirectory(folder.resolve("recording"));
    StringBuilder yaml =
        new StringBuilder(
            "rosbag2_bagfile_information:\n  version: 5\n  storage_identifier: sqlite3\n"
                + "  relative_file_paths:\n");
    for (String file : files) {
      yaml.append("    - ").append(file).append('\n');
    }
    Files.writeString(recording.resolve("metadata.yaml"), yaml);
    return recording;
  }

  private Path write() throws SQLException {
    return write(folder.resolve("camera.db3"), 0, FRAMES);
  }

  /** As rosbag2 makes them since schema 4. */
  private static Path write(Path path, int from, int to) throws SQLException {
    try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + path)) {
      try (Statement statement = database.createStatement()) {
        statement.execute(
            "CREATE TABLE topics(id INTEGER PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL,"
                + " serialization_format TEXT NOT NULL, offered_qos_profiles TEXT NOT NULL)");
        statement.execute(
            "CREATE TABLE message_definitions(id INTEGER PRIMARY KEY, topic_type TEXT NOT NULL,"
                + " encoding TEXT NOT NULL, encoded_message_definition TEXT NOT NULL)");
        statement.execute(
            "CREATE TABLE messages(id INTEGER PRIMARY KEY, topic_id INTEGER NOT NULL,"
                + " timestamp INTEGER NOT NULL, data BLOB NOT NULL)");
        statement.execute("CREATE INDEX timestamp_idx ON messages (timestamp ASC)");
        statement.execute(
            "INSERT INTO topics VALUES (1, '/cam/image_raw', 'sensor_msgs/msg/Image', 'cdr',"
                + " '- history: 3'), (2, '/cam/camera_info', 'sensor_msgs/msg/CameraInfo', 'cdr',"
                + " '')");
        statement.execute(
            "INSERT INTO message_definitions VALUES (1, 'sensor_msgs/msg/Image', 'ros2msg',"
                + " 'uint32 height')");
      }
      database.setAutoCommit(false);
      try (PreparedStatement insert =
          database.prepareStatement(
              "INSERT INTO messages(topic_id, timestamp, data) VALUES (?, ?, ?)")) {
        for (int i = to - 1; i >= from; i--) { // not in the order of time
          insert(insert, 1, i, image(i).toCdr());
          insert(insert, 2, i, info(i).toCdr());
        }
      }
      database.commit();
    }
    return path;
  }

  private static void insert(PreparedStatement insert, int topic, int i, byte[] data)
      throws SQLException {
    insert.setInt(1, topic);
    insert.setLong(2, stamp(i).nanos() + 500);
    insert.setBytes(3, data);
    insert.executeUpdate();
  }

  private static RosImage image(int i) {
    return new RosPictures().message(picture(i), new RosHeader(0, stamp(i), "cam"));
  }

  private static RosCameraInfo info(int i) {
    return RosCameraInfo.of(
        new RosHeader(0, stamp(i), "cam"),
        WIDTH,
        HEIGHT,
        "plumb_bob",
        new double[5],
        50,
        50,
        32,
        24);
  }

  private static Picture picture(int i) {
    byte[] pixels = new byte[WIDTH * HEIGHT];
    new Random(i).nextBytes(pixels);
    return new Picture(WIDTH, HEIGHT, Picture.Format.MONO8, pixels);
  }

  private static Timestamp stamp(int i) {
    return new Timestamp(1_700_000_000_000_000_000L + 50_000_000L * i);
  }
}
