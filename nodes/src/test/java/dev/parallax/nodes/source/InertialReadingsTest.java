package dev.parallax.nodes.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.InertialSamples;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.scene.InertialSensor;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same simulated IMU, stored in each way that is understood, and damaged. */
class InertialReadingsTest {
  private static final int FRAMES = 6;

  @TempDir Path temp;

  private final SimulatedSequence room =
      SimulatedSequence.of(
          Scenes.ROOM_HANDHELD, SimulationConfig.defaults(2, FRAMES, 10).withSize(64, 48));
  private final InertialSensor sensor = InertialSensor.typical(room);

  private Path folder() throws IOException {
    Path folder = temp.resolve("clip");
    try (SequenceFolderWriter writer =
        new SequenceFolderWriter(folder, SequenceFolderWriter.Config.defaults())) {
      for (SimulatedFrame frame : room) {
        writer.write(frame.frame(), frame.T_world_cam(), null, null, null, null);
      }
    }
    InertialFile.write(folder, sensor);
    return folder;
  }

  private Path bag(String name) throws IOException {
    Path bag = temp.resolve(name);
    try (SequenceBagWriter writer = new SequenceBagWriter(bag, 0)) {
      writer.writeMounting(sensor.stamp(0), sensor.T_cam_imu());
      for (int i = 0; i < sensor.count(); i++) {
        writer.writeInertial(sensor.stamp(i), sensor.gyroRadps(i), sensor.accelMps2(i));
      }
      for (SimulatedFrame frame : room) {
        writer.write(frame.frame(), frame.T_world_cam(), frame.depth());
      }
    }
    return bag;
  }

  private static List<CameraFrame> frames(Path recording, String imu, @Nullable Se3 mount) {
    RecordingOptions options =
        RecordingOptions.defaults().withImu(new RecordingOptions.Imu(imu, mount));
    List<CameraFrame> frames = new ArrayList<>();
    try (FrameSource source = Recordings.open(recording, options)) {
      for (SourceItem item = source.next(); item != null; item = source.next()) {
        frames.add(((SourceItem.Frame) item).frame());
      }
    }
    return frames;
  }

  private void assertCarried(List<CameraFrame> frames) {
    assertThat(frames).hasSize(FRAMES);
    for (CameraFrame frame : frames) {
      InertialSamples wanted = sensor.before(frame.stamp(), 2);
      InertialSamples found = Objects.requireNonNull(frame.inertial());
      assertThat(found.nanos()).isEqualTo(wanted.nanos());
      assertThat(found.gyroRadps()).containsExactly(wanted.gyroRadps(), within(1e-6));
      assertThat(found.accelMps2()).containsExactly(wanted.accelMps2(), within(1e-6));
      Se3 mount = Objects.requireNonNull(found.T_cam_imu());
      Se3 error = mount.inverse().times(sensor.T_cam_imu());
      assertThat(error.distance() + error.angleRad()).isLessThan(1e-6);
    }
  }

  @Test
  void aFoldersFileIsFoundWithItsMounting() throws IOException {
    assertCarried(frames(folder(), "auto", null));
  }

  @Test
  void aBagsOnlyTopicIsFoundWithTheMountingItsTransformsTell() throws IOException {
    assertCarried(frames(bag("clip.bag"), "auto", null));
    assertCarried(frames(bag("clip.mcap"), "/imu/data", null));
  }

  @Test
  void euRocsLayoutIsRead() throws IOException {
    Path mav0 = Files.createDirectories(temp.resolve("euroc/mav0"));
    Path cam = Files.createDirectories(mav0.resolve("cam0/data"));
    Path imu = Files.createDirectories(mav0.resolve("imu0"));
    Path pictures = folder();
    StringBuilder list = new StringBuilder("#timestamp [ns],filename\n");
    for (int i = 0; i < FRAMES; i++) {
      Timestamp stamp = room.stamp(i);
      Files.copy(
          pictures.resolve("rgb").resolve(stamp + ".png"), cam.resolve(stamp.nanos() + ".png"));
      list.append("%d,%d.png%n".formatted(stamp.nanos(), stamp.nanos()));
    }
    Files.writeString(mav0.resolve("cam0/data.csv"), list);
    // The body is the sensor, as in EuRoC.
    Files.writeString(
        mav0.resolve("cam0/sensor.yaml"),
        """
        T_BS:
          cols: 4
          rows: 4
          data: %s
        resolution: [64, 48]
        intrinsics: [52.5, 52.5, 31.5, 23.5]
        distortion_model: radial-tangential
        distortion_coefficients: [0.0, 0.0, 0.0, 0.0]
        """
            .formatted(matrix(sensor.T_cam_imu().inverse())));
    Files.writeString(
        imu.resolve("sensor.yaml"), "T_BS:\n  data: %s\n".formatted(matrix(Se3.identity())));
    StringBuilder readings = new StringBuilder("#timestamp [ns],w x,y,z,a x,y,z\n");
    for (int i = 0; i < sensor.count(); i++) {
      double[] w = sensor.gyroRadps(i);
      double[] a = sensor.accelMps2(i);
      readings.append(
          "%d,%s,%s,%s,%s,%s,%s%n"
              .formatted(sensor.stamp(i).nanos(), w[0], w[1], w[2], a[0], a[1], a[2]));
    }
    Files.writeString(imu.resolve("data.csv"), readings);

    assertCarried(frames(temp.resolve("euroc"), "auto", null));
  }

  private static String matrix(Se3 T) {
    StringBuilder values = new StringBuilder("[");
    for (double v : T.matrix3x4()) {
      values.append(v).append(", ");
    }
    return values + "0.0, 0.0, 0.0, 1.0]";
  }

  @Test
  void aMountingThatIsGivenOverrulesTheRecordings() throws IOException {
    Se3 given = Se3.ofTranslation(1, 2, 3);

    assertThat(frames(folder(), "auto", given))
        .allSatisfy(f -> assertThat(f.inertial().T_cam_imu()).isEqualTo(given));
  }

  @Test
  void readingsThatAreNaNOrOutOfOrderAreLeftOutAndCounted() throws IOException {
    Path folder = folder();
    Path file = folder.resolve("imu.txt");
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.set(20, lines.get(20).replaceFirst(" \\S+ ", " nan "));
    lines.add(40, lines.get(30));
    Files.write(file, lines);

    RecordingOptions options =
        RecordingOptions.defaults().withImu(new RecordingOptions.Imu("auto", null));
    try (FrameSource source = Recordings.open(folder, options)) {
      assertThat(source.next()).isInstanceOf(SourceItem.Frame.class);
      assertThat(source.warnings())
          .anyMatch(w -> w.contains("1 IMU readings are not after"))
          .anyMatch(w -> w.contains("1 IMU readings are not finite"));
    }
  }

  @Test
  void whatCannotBeReadIsSaidInOneLine() throws IOException {
    Path folder = folder();
    assertThatThrownBy(() -> frames(folder, "/no/such", null))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("--imu FILE")
        .message()
        .doesNotContain("\n");
    Files.writeString(folder.resolve("imu.txt"), "1.0 2 3\n");
    assertThatThrownBy(() -> frames(folder, "auto", null))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("imu.txt:1")
        .hasMessageContaining("stamp wx wy wz ax ay az");
    assertThatThrownBy(() -> frames(bag("other.bag"), "/odom", null))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("/imu/data");
  }
}
