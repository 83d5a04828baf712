package dev.parallax.nodes.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordingDoctorTest {
  private static final int TOLD_AFTER = 5;

  private final List<CameraFrame> followed = new ArrayList<>();

  /** Finds a focal length after some frames, as the real one does where the camera turns. */
  private PipelineFactory telling(double focalPx) {
    return (config, notices) ->
        new PerceptionPipeline() {
          @Override
          public FrameOutcome process(CameraFrame frame) {
            followed.add(frame);
            CameraFrame seen =
                followed.size() <= TOLD_AFTER
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

    assertThat(report.seen().get(0)).contains("6 frames read");
    assertThat(followed)
        .hasSize(TOLD_AFTER + 1)
        .allMatch(f -> f.calibration().origin() == CameraCalibration.Origin.ASSUMED);
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
}
