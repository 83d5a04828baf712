package dev.parallax.nodes.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.perception.frame.Timestamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderTroubleTest {
  @TempDir private Path folder;
  private FolderFixture files;

  @BeforeEach
  void openFolder() {
    files = new FolderFixture(folder);
  }

  @Test
  void damagedPicturesAreRefusedByNameAndTheRestIsPlayed() {
    files
        .picture("1.png", 1)
        .picture("2.png", 2)
        .cutShort("2.png")
        .picture("3.png", 5, 5, 3)
        .bytes("4.png", new byte[0])
        .picture("5.jpg", 5)
        .text("camera.yaml", FolderFixture.CAMERA_YAML);

    List<SourceItem> items = FolderFixture.play(open());

    assertThat(items).hasSize(5);
    assertThat(items.get(0)).isInstanceOf(SourceItem.Frame.class);
    assertThat(reason(items.get(1))).startsWith(folder.resolve("2.png") + ": ");
    assertThat(reason(items.get(2)))
        .isEqualTo(
            folder.resolve("3.png")
                + ": is 5x5 but its calibration is for 8x6; give the right one with --camera");
    assertThat(reason(items.get(3))).startsWith(folder.resolve("4.png") + ": ");
    assertThat(items.get(4)).isInstanceOf(SourceItem.Frame.class);
    assertThat(items).extracting(item -> item.id().sequence()).containsExactly(0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void aListedPictureThatIsGoneIsRefused() {
    files.text("rgb.txt", "1 rgb/gone.png\n").text("camera.yaml", FolderFixture.CAMERA_YAML);

    assertThat(reason(FolderFixture.play(open()).get(0)))
        .startsWith(folder.resolve("rgb/gone.png") + ": listed, but there is no such file");
  }

  @Test
  void unreadableDepthIsCountedAndItsFrameGoesWithout() {
    files
        .picture("rgb/a.png", 1)
        .picture("depth/a.png", 1) // 8 bits are no depth
        .text("rgb.txt", "1 rgb/a.png\n")
        .text("depth.txt", "1 depth/a.png\n")
        .text("camera.yaml", FolderFixture.CAMERA_YAML);
    FrameSource source = Recordings.open(folder, RecordingOptions.defaults().withSensorDepth(true));

    SourceItem item = FolderFixture.play(source).get(0);

    assertThat(((SourceItem.Frame) item).frame().sensorDepth()).isNull();
    assertThat(source.warnings())
        .singleElement()
        .asString()
        .contains("1 depth pictures could not be read")
        .contains("depth/a.png");
    assertThatThrownBy(() -> GroundTruths.open(folder).depth(item.stamp()))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("depth/a.png");
  }

  @Test
  void askingForSensorDepthWhereThereIsNoneIsSaid() {
    files
        .picture("a.png", 1)
        .text("times.txt", "1\n")
        .text("camera.yaml", FolderFixture.CAMERA_YAML);

    FrameSource source = Recordings.open(folder, RecordingOptions.defaults().withSensorDepth(true));

    assertThat(source.warnings())
        .containsExactly(folder + ": sensor depth was asked for, but 1 of 1 pictures have none");
  }

  @Test
  void whatCannotBeReadAtAllIsOneLineThatNamesThePathAndTheRemedy() throws IOException {
    Path missing = folder.resolve("missing");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Path notes = Files.createDirectory(folder.resolve("notes"));
    Files.writeString(notes.resolve("notes.txt"), "hello");
    Path file = Files.writeString(folder.resolve("notes.txt"), "hello");

    assertRefused(missing, "no such file or folder; check the path");
    assertRefused(empty, "the folder is empty; understood are EuRoC ASL");
    assertRefused(notes, "holds no pictures in a known layout; understood are EuRoC ASL");
    assertRefused(file, "cannot read recordings of kind \"txt\"; understood are ROS 1 bags");
  }

  @Test
  void damagedIndexFilesAreNamedWithTheirLine() {
    files
        .picture("image_0/000000.png", 1)
        .picture("image_0/000001.png", 1)
        .text("calib.txt", "P0: 7 0 3 0 0 7 2 0 0 0 one 0\n")
        .text("times.txt", "0\n");
    assertRefused(folder, "times.txt: has 1 lines, none for");

    files.text("times.txt", "0\n1\n");
    assertRefused(folder, "calib.txt:1: holds something other than numbers");

    files.text("calib.txt", "P0: 7 0 3\n");
    assertRefused(folder, "calib.txt:1: expected 12 finite numbers, got 3 values");

    files.text("calib.txt", "P1: 7 0 3\n");
    assertRefused(folder, "calib.txt: has no row P0");
  }

  @Test
  void aTumFolderOfAnUnknownCameraAsksForTheCalibration() {
    files.picture("rgb/a.png", 1).text("rgb.txt", "1 rgb/a.png\n");

    assertRefused(folder, "put its camera.yaml there or give one with --camera");
  }

  @Test
  void trueDepthOfAnUnknownCameraCanBeReadOnceTheCameraIsGiven() {
    files
        .picture("rgb/a.png", 1)
        .depth("depth/a.png", 2000)
        .text("rgb.txt", "1 rgb/a.png\n")
        .text("depth.txt", "1 depth/a.png\n")
        .text("other/camera.yaml", FolderFixture.CAMERA_YAML);
    RecordingOptions options =
        RecordingOptions.defaults()
            .withCalibration(Recordings.calibration(folder.resolve("other/camera.yaml")))
            .withDepthUnitsPerM(OptionalDouble.of(1000));

    assertThatThrownBy(() -> GroundTruths.open(folder)).hasMessageContaining("camera.yaml");
    assertThat(GroundTruths.open(folder, options).depth(Timestamp.ofSeconds(1)).depthM()[1])
        .isEqualTo(2);
  }

  @Test
  void aListWithoutPicturesIsNoRecording() {
    files.text("rgb.txt", "# nothing\n");

    assertRefused(folder, "holds no pictures; expected TUM RGB-D");
  }

  @Test
  void timesThatDoNotMatchThePicturesAreRefused() {
    files.picture("a.png", 1).text("times.txt", "1\n2\n");

    assertRefused(folder, "has 2 stamps for 1 pictures");

    files.text("times.txt", "noon\n");
    assertRefused(folder, "times.txt:1: not a stamp in seconds");
  }

  @Test
  void aFolderWhosePicturesAreAllDamagedHasNoSizeToAssume() {
    files.bytes("a.png", new byte[20]).bytes("b.png", new byte[0]);

    assertRefused(folder, "none of its 2 pictures can be read");
  }

  private FrameSource open() {
    return Recordings.open(folder, RecordingOptions.defaults());
  }

  private static void assertRefused(Path path, String complaint) {
    assertThatThrownBy(() -> Recordings.open(path, RecordingOptions.defaults()))
        .isInstanceOf(SourceException.class)
        .hasMessageStartingWith(path.toString())
        .hasMessageContaining(complaint)
        .message()
        .hasLineCount(1);
  }

  private static String reason(SourceItem item) {
    assertThat(item).isInstanceOf(SourceItem.Refused.class);
    return ((SourceItem.Refused) item).reason();
  }
}
