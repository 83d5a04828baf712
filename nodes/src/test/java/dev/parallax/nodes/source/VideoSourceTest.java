package dev.parallax.nodes.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.nodes.RealData;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.Picture;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VideoSourceTest {
  private static final String DASHCAM = "dashcam02.mp4";

  @TempDir Path folder;

  @Test
  void theDashcamPlaysToItsEndWithAnAssumedCamera() {
    try (FrameSource source =
        Recordings.open(RealData.path(DASHCAM), RecordingOptions.defaults())) {
      assertThat(source.frameCount()).hasValue(567);
      assertThat(source.warnings()).hasSize(1);
      assertThat(source.warnings().get(0)).contains("assumed a focal length of 800 px", "--camera");
      int frames = 0;
      long before = -1;
      for (SourceItem item = source.next(); item != null; item = source.next()) {
        CameraFrame frame = ((SourceItem.Frame) item).frame();
        assertThat(frame.picture().width()).isEqualTo(800);
        assertThat(frame.picture().height()).isEqualTo(224);
        assertThat(frame.calibration().origin()).isEqualTo(CameraCalibration.Origin.ASSUMED);
        assertThat(frame.stamp().nanos()).isGreaterThan(before);
        before = frame.stamp().nanos();
        frames++;
      }
      assertThat(frames).isEqualTo(567);
      assertThat(before / 1e9).isBetween(18.8, 18.95); // 566 frames at 30 Hz
      assertThat(source.next()).isNull();
      assertThat(source.warnings()).hasSize(1);
    }
  }

  @Test
  void damageInTheMiddleIsCountedAndTheRestPlays() throws Exception {
    byte[] video = Files.readAllBytes(RealData.path(DASHCAM));
    Random random = new Random(5);
    int from = video.length / 2;
    for (int i = from; i < from + 40_000; i++) {
      video[i] = (byte) random.nextInt(256);
    }
    Path path = folder.resolve("damaged.mp4");
    Files.write(path, video);
    int good = 0;
    int refused = 0;
    try (VideoSource source = VideoSource.open(path, RecordingOptions.defaults())) {
      for (SourceItem item = source.next(); item != null; item = source.next()) {
        if (item instanceof SourceItem.Refused bad) {
          assertThat(bad.reason()).contains("damaged.mp4", "is damaged");
          refused++;
        } else {
          good++;
        }
      }
      assertThat(source.warnings()).anyMatch(w -> w.contains("frames are damaged"));
    }
    assertThat(refused).isPositive();
    assertThat(good).isGreaterThan(300);
    assertThat(good + refused).isBetween(540, 567);
  }

  @Test
  void aVideoWithoutItsEndIsRefusedOrCountedAsShort() throws Exception {
    byte[] video = Files.readAllBytes(RealData.path(DASHCAM));
    Path path = folder.resolve("cut.mp4");
    Files.write(path, Arrays.copyOf(video, video.length / 2));
    try (VideoSource source = VideoSource.open(path, RecordingOptions.defaults())) {
      while (source.next() != null) {
        continue;
      }
      assertThat(source.warnings()).anyMatch(w -> w.contains("cut short"));
    } catch (SourceException e) {
      assertThat(e).hasMessageContainingAll("cut.mp4", "cut short");
    }
  }

  @Test
  void whatIsNoVideoIsRefusedWithoutNoise() throws Exception {
    Path path = folder.resolve("text.mp4");
    Files.writeString(path, "this is not a video");
    PrintStream console = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true));
    try {
      assertThatThrownBy(() -> VideoSource.open(path, RecordingOptions.defaults()))
          .isInstanceOf(SourceException.class)
          .hasMessageContainingAll("text.mp4", "cannot be opened as video");
    } finally {
      System.setErr(console);
    }
    assertThat(said.size()).isZero();
  }

  @Test
  void quarterTurnsGoClockwise() {
    Picture picture = new Picture(3, 2, Picture.Format.MONO8, new byte[] {1, 2, 3, 4, 5, 6});
    assertThat(QuarterTurn.nearest(0.2).of(picture)).isSameAs(picture);
    assertThat(QuarterTurn.nearest(90).of(picture).data()).containsExactly(4, 1, 5, 2, 6, 3);
    assertThat(QuarterTurn.nearest(90).of(picture).width()).isEqualTo(2);
    assertThat(QuarterTurn.nearest(180).of(picture).data()).containsExactly(6, 5, 4, 3, 2, 1);
    assertThat(QuarterTurn.nearest(-90).of(picture).data()).containsExactly(3, 6, 2, 5, 1, 4);
    assertThat(QuarterTurn.nearest(359.9)).isEqualTo(QuarterTurn.NONE);
  }
}
