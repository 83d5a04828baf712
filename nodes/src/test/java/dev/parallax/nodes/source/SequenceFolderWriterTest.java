package dev.parallax.nodes.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.CameraId;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FlowField;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.eval.GroundTruth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SequenceFolderWriterTest {
  private static final int WIDTH = 4;
  private static final int HEIGHT = 3;
  private static final int PIXELS = WIDTH * HEIGHT;
  private static final CameraCalibration CAMERA =
      new CameraCalibration(
          new PinholeCamera(WIDTH, HEIGHT, 4.25, 4.5, 1.5, 1), CameraCalibration.Origin.GIVEN);
  private static final Se3 POSE = Se3.exp(new double[] {1, -2, 3, 0.1, 0.2, -0.3});

  private final Random random = new Random(5);

  @TempDir private Path root;

  @Test
  void readsBackEverythingThatWasWritten() throws IOException {
    Path folder = root.resolve("sequence");
    CameraFrame frame = frame(1, "12.000000001");
    DepthMap depth = new DepthMap(WIDTH, HEIGHT, values(PIXELS, 1, 12), new float[PIXELS]);
    FlowField flow = new FlowField(WIDTH, HEIGHT, values(2 * PIXELS, -30, 30));
    SceneFlowField motion = new SceneFlowField(WIDTH, HEIGHT, values(3 * PIXELS, -2, 2));
    byte[] labels = new byte[PIXELS];
    labels[0] = MovingMask.MOVING;
    labels[1] = MovingMask.UNKNOWN;

    try (SequenceFolderWriter writer = writer(folder)) {
      writer.write(frame(0, "11.9"), Se3.identity(), null, null, null, null);
      writer.write(frame, POSE, depth, flow, motion, new MovingMask(WIDTH, HEIGHT, labels));
    }

    List<SourceItem> items =
        FolderFixture.play(
            Recordings.open(folder, RecordingOptions.defaults().withSensorDepth(true)));
    assertThat(items).hasSize(2);
    CameraFrame back = ((SourceItem.Frame) items.get(1)).frame();
    assertThat(back.stamp()).isEqualTo(frame.stamp());
    assertThat(back.calibration()).isEqualTo(CAMERA);
    assertThat(back.picture().data()).isEqualTo(frame.picture().data());
    assertClose(back.sensorDepth().depthM(), depth.depthM(), 0.5001f / 5000);
    GroundTruth truth = GroundTruths.open(folder);
    assertThat(truth.camera()).isEqualTo(CAMERA.model());
    Timestamp stamp = frame.stamp();
    assertClose(truth.depth(stamp).depthM(), depth.depthM(), 0.5001f / 5000);
    assertClose(truth.backwardFlow(stamp).uv(), flow.uv(), 0.5001f / 64);
    assertClose(truth.sceneFlow(stamp).velocityMps(), motion.velocityMps(), 0.5001f / 1000);
    assertThat(truth.movingMask(stamp).labels()).isEqualTo(labels);
    assertThat(truth.poses()).hasSize(2);
    assertThat(truth.poses().get(1).T_world_cam().inverse().times(POSE).log())
        .containsExactly(new double[6], within(2e-9));
    Timestamp first = items.get(0).stamp();
    assertThat(truth.depth(first)).isNull();
    assertThat(truth.backwardFlow(first)).isNull();
    assertThat(truth.sceneFlow(first)).isNull();
    assertThat(truth.movingMask(first)).isNull();
  }

  @Test
  void farDepthFitsWithFewerUnitsToAMetreAndTheReaderIsTold() throws IOException {
    Path folder = root.resolve("street");
    float[] far = values(PIXELS, 30, 60);

    try (SequenceFolderWriter writer =
        new SequenceFolderWriter(
            folder, SequenceFolderWriter.Config.defaults().withDepthUnitsPerM(1000))) {
      writer.write(
          frame(0, "1"),
          POSE,
          new DepthMap(WIDTH, HEIGHT, far, new float[PIXELS]),
          null,
          null,
          null);
    }

    assertClose(
        GroundTruths.open(folder).depth(Timestamp.ofSeconds(1)).depthM(), far, 0.5001f / 1000);
  }

  @Test
  void jpegPicturesAreSmallAndNearlyTheSame() throws IOException {
    Path folder = root.resolve("jpeg");
    byte[] smooth = new byte[64 * 64];
    for (int i = 0; i < smooth.length; i++) {
      smooth[i] = (byte) (64 + i % 64);
    }
    PinholeCamera camera = new PinholeCamera(64, 64, 64, 64, 32, 32);
    CameraFrame frame =
        new CameraFrame(
            new FrameId(new CameraId("sim"), 0),
            Timestamp.ofSeconds(1),
            new CameraCalibration(camera, CameraCalibration.Origin.GIVEN),
            new Picture(64, 64, Picture.Format.MONO8, smooth),
            null);

    try (SequenceFolderWriter writer =
        new SequenceFolderWriter(
            folder, SequenceFolderWriter.Config.defaults().withJpegQuality(90))) {
      writer.write(frame, POSE, null, null, null, null);
    }

    assertThat(folder.resolve("rgb/1.000000000.jpg")).exists();
    SourceItem back =
        FolderFixture.play(Recordings.open(folder, RecordingOptions.defaults())).get(0);
    byte[] data = ((SourceItem.Frame) back).frame().picture().data();
    for (int i = 0; i < data.length; i++) {
      assertThat(Byte.toUnsignedInt(data[i])).isCloseTo(Byte.toUnsignedInt(smooth[i]), within(6));
    }
  }

  @Test
  void aSequenceThatIsStillBeingWrittenCanBeRead() throws IOException {
    Path folder = root.resolve("growing");

    try (SequenceFolderWriter writer = writer(folder)) {
      writer.write(frame(0, "1"), POSE, null, null, null, null);

      assertThat(FolderFixture.play(Recordings.open(folder, RecordingOptions.defaults())))
          .singleElement()
          .isInstanceOf(SourceItem.Frame.class);
    }
  }

  @Test
  void refusesToMixSequencesOrStepBackInTime() throws IOException {
    Path folder = root.resolve("once");
    try (SequenceFolderWriter writer = writer(folder)) {
      writer.write(frame(0, "2"), POSE, null, null, null, null);

      assertThatThrownBy(() -> writer.write(frame(1, "2"), POSE, null, null, null, null))
          .hasMessageContaining("is not after 2.000000000");
      assertThatThrownBy(() -> writer(folder))
          .isInstanceOf(IOException.class)
          .hasMessage(folder + ": already holds a sequence; choose another folder");
    }
    Path file = Files.writeString(root.resolve("file"), "");
    assertThatThrownBy(() -> writer(file)).isInstanceOf(IOException.class);
  }

  private static SequenceFolderWriter writer(Path folder) throws IOException {
    return new SequenceFolderWriter(folder, SequenceFolderWriter.Config.defaults());
  }

  private CameraFrame frame(long sequence, String stamp) {
    byte[] data = new byte[3 * PIXELS];
    random.nextBytes(data);
    return new CameraFrame(
        new FrameId(new CameraId("sim"), sequence),
        Timestamp.parseSeconds(stamp),
        CAMERA,
        new Picture(WIDTH, HEIGHT, Picture.Format.BGR8, data),
        null);
  }

  /** Random values; the last pixels are unknown. */
  private float[] values(int count, float low, float high) {
    float[] values = new float[count];
    int unknown = count / PIXELS;
    for (int i = 0; i < count; i++) {
      values[i] = i < count - unknown ? low + (high - low) * random.nextFloat() : Float.NaN;
    }
    return values;
  }

  private static void assertClose(float[] actual, float[] expected, float tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      if (Float.isNaN(expected[i])) {
        assertThat(actual[i]).as("value %d", i).isNaN();
      } else {
        assertThat(actual[i]).as("value %d", i).isCloseTo(expected[i], within(tolerance));
      }
    }
  }
}
