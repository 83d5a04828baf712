package dev.parallax.nodes.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordingDoctorTest {
  private static final int TOLD_AFTER = 5;

  private static final int CONTRADICTED_AFTER = 7;

  private final List<CameraFrame> followed = new ArrayList<>(); // without the calibration
  private int asGiven;
  private @Nullable String contradiction;

  /** Finds a focal length after some frames, as the real one does where the camera turns. */
  private PipelineFactory telling(double focalPx) {
    return (config, notices) ->
        new PerceptionPipeline() {
          @Override
          public FrameOutcome process(CameraFrame frame) {
            if (frame.calibration().origin() == CameraCalibration.Origin.GIVEN) {
              if (++asGiven == CONTRADICTED_AFTER && contradiction != null) {
                notices.accept(Notice.warning(Notice.Topic.LENS, contradiction));
              }
              return TestFrames.estimated(
                  new SourceItem.Frame(frame), 2, OccupancyDelta.none(0.05));
            }
            followed.add(frame);
            CameraFrame seen =
                followed.size() <= TOLD_AFTER || Double.isNaN(focalPx)
                    ? frame
                    : frame.withCalibration(camera(frame, focalPx));
            return TestFrames.estimated(new SourceItem.Frame(seen), 2, OccupancyDelta.none(0.05));
          }

          @Override
          public void close() {}
        };
  }

  private static CameraCalibration camera(CameraFrame frame, double focalPx) {
    int w = frame.picture().width();
    int h = frame.picture().height();
    return new CameraCalibration(
        new PinholeCamera(w, h, focalPx, focalPx, (w - 1) / 2.0, (h - 1) / 2.0),
        CameraCalibration.Origin.GIVEN);
  }

  private static List<SourceItem> items(int count, CameraCalibration.Origin origin, double focal) {
    List<SourceItem> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      CameraFrame frame = TestFrames.frame(i).frame();
      PinholeCamera model = camera(frame, focal).model().rectified();
      items.add(new SourceItem.Frame(frame.withCalibration(new CameraCalibration(model, origin))));
    }
    return items;
  }

  private DoctorReport examine(List<SourceItem> items, double toldPx) {
    return new RecordingDoctor(telling(toldPx)).examine(TestFrames.source(items), done -> {});
  }

  @Test
  void aFocalLengthOffByAFifthIsNamedWithBothFigures() {
    DoctorReport report = examine(items(20, CameraCalibration.Origin.GIVEN, 80), 100);

    assertThat(report.isHealthy()).isFalse();
    assertThat(report.findings()).hasSize(1);
    assertThat(report.findings().get(0).problem()).contains("80 px", "100 px");
    assertThat(report.findings().get(0).remedy()).contains("--camera camera.yaml");
  }

  @Test
  void oneWithinTheStdOfWhatThePicturesTellIsLeftAlone() {
    DoctorReport report = examine(items(20, CameraCalibration.Origin.GIVEN, 96), 100);

    assertThat(report.findings()).isEmpty();
    assertThat(report.seen()).anyMatch(line -> line.contains("96 px") && line.contains("100 px"));
  }

  @Test
  void thePicturesAreFollowedWithoutTheCalibrationAndOnlyUntilTheyHaveTold() {
    DoctorReport report = examine(items(20, CameraCalibration.Origin.GIVEN, 80), 100);

    assertThat(report.seen().get(0)).contains("20 frames read");
    assertThat(followed)
        .hasSize(TOLD_AFTER + 1)
        .allMatch(f -> f.calibration().origin() == CameraCalibration.Origin.ASSUMED);
  }

  @Test
  void aLensThatThePicturesContradictIsNamedInPlaceOfTheFocalLengthByItself() {
    contradiction = "they look distorted by about k1 = -0.28";

    DoctorReport report = examine(items(20, CameraCalibration.Origin.GIVEN, 80), 100);

    assertThat(report.isHealthy()).isFalse();
    assertThat(report.findings()).hasSize(1);
    assertThat(report.findings().get(0).problem()).isEqualTo(contradiction);
    assertThat(report.findings().get(0).remedy()).contains("--camera camera.yaml", "D all 0");
    assertThat(asGiven).isEqualTo(CONTRADICTED_AFTER); // and no longer
  }

  @Test
  void whatThePicturesDoNotTellIsNotJudged() {
    DoctorReport report = examine(items(4, CameraCalibration.Origin.GIVEN, 80), 100);

    assertThat(report.findings()).isEmpty();
    assertThat(report.seen()).anyMatch(line -> line.contains("80 px are not checked"));
  }

  @Test
  void aMissingCalibrationIsNamedWithWhatThePicturesTell() {
    DoctorReport report = examine(items(20, CameraCalibration.Origin.ASSUMED, 80), 100);

    assertThat(report.isHealthy()).isTrue();
    assertThat(report.findings()).singleElement().asString().contains("no calibration", "100 px");
  }

  @Test
  void picturesThatCannotBeUsedAreCountedWithTheFirstReason() {
    List<SourceItem> items = items(3, CameraCalibration.Origin.GIVEN, 80);
    items.add(TestFrames.refused(3));
    items.add(TestFrames.refused(4));
    DoctorReport report = examine(items, 100);

    assertThat(report.findings())
        .singleElement()
        .asString()
        .contains("2 of 5", "the first: picture.png: cut short");
  }

  @Test
  void anEmptyRecordingIsAnError() {
    DoctorReport report = examine(List.of(), 100);
    assertThat(report.isHealthy()).isFalse();
    assertThat(report.findings()).singleElement().asString().contains("holds no frame");
  }

  private static SourceItem grey(int sequence, Timestamp stamp, int level) {
    byte[] data = new byte[48];
    Arrays.fill(data, (byte) level);
    CameraFrame f = TestFrames.frame(sequence).frame();
    Picture picture = new Picture(8, 6, Picture.Format.MONO8, data);
    return new SourceItem.Frame(new CameraFrame(f.id(), stamp, camera(f, 80), picture, null));
  }

  @Test
  void stampsThatRepeatOrGoBackAndMissingPicturesAreCounted() {
    List<SourceItem> items = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      int at = i == 12 ? 11 : i == 20 ? 15 : i >= 30 ? i + 10 : i;
      items.add(grey(i, TestFrames.stamp(at), 100));
    }

    DoctorReport report = examine(items, Double.NaN);

    assertThat(report.isHealthy()).isTrue();
    assertThat(report.findings()).hasSize(2);
    assertThat(report.findings().get(0).problem())
        .contains("1 of 40 pictures have the stamp of the one before and 1 an earlier one");
    assertThat(report.findings().get(1).problem())
        .contains("about 12 pictures are missing in 3 gaps, the longest 1.10 s");
  }

  @Test
  void anExposureThatJumpsIsNamedAndOneThatWandersIsNot() {
    List<SourceItem> jumping = new ArrayList<>();
    List<SourceItem> wandering = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      jumping.add(grey(i, TestFrames.stamp(i), i % 8 < 4 ? 80 : 130));
      wandering.add(grey(i, TestFrames.stamp(i), (int) (100 + 50 * Math.sin(0.2 * i))));
    }

    assertThat(examine(wandering, Double.NaN).findings()).isEmpty();
    assertThat(examine(jumping, Double.NaN).findings())
        .singleElement()
        .asString()
        .contains("brightness jumps 9 times", "factor of 1.6", "exposure");
  }

  @Test
  void aCalibrationOfPicturesTurnedByNinetyDegreesIsNamed() {
    CameraFrame f = TestFrames.frame(0).frame();
    Picture wide = new Picture(160, 120, Picture.Format.MONO8, new byte[160 * 120]);
    PinholeCamera turned = new PinholeCamera(160, 120, 130, 130, 59.5, 79.5);
    CameraCalibration given = new CameraCalibration(turned, CameraCalibration.Origin.GIVEN);
    SourceItem item = new SourceItem.Frame(new CameraFrame(f.id(), f.stamp(), given, wide, null));

    assertThat(examine(List.of(item), Double.NaN).findings())
        .singleElement()
        .asString()
        .contains("(60, 80)", "160x120", "turned by 90 degrees");
  }
}
