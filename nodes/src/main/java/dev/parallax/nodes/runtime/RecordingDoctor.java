package dev.parallax.nodes.runtime;

import dev.parallax.nodes.source.AssumedCamera;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what is wrong with a recording: pictures that cannot be read, stamps and exposure that
 * jump, an IMU that does not fit the pictures, and a calibration that they contradict. The pictures
 * are followed with the calibration, until they have contradicted it, and as if nothing were known
 * of the camera, until they tell its focal length.
 */
public final class RecordingDoctor {
  /** The focal length told has a std of 3 to 4 %: farther apart than this is no chance. */
  private static final double MOST_APART = 0.1;

  /** How far a principal point usually lies from the middle, over the picture's side. */
  private static final double USUAL_OFFSET = 0.15;

  private final PipelineFactory pipelines;
  private @Nullable CameraCalibration given;
  private @Nullable String firstRefusal;
  private double toldFocalPx = Double.NaN;
  private @Nullable Notice lensNotice;
  private final StreamWatch stream = new StreamWatch();
  private final boolean wantsImu;
  private long frames;
  private long refused;

  public RecordingDoctor(PipelineFactory pipelines) {
    this(pipelines, false);
  }

  /**
   * @param wantsImu whether frames are to carry readings of an IMU, which are then looked at too
   */
  public RecordingDoctor(PipelineFactory pipelines, boolean wantsImu) {
    this.pipelines = pipelines;
    this.wantsImu = wantsImu;
  }

  /**
   * Reads a recording to its end.
   *
   * @param source is left open
   * @param progress told how many frames were read so far
   */
  public DoctorReport examine(FrameSource source, LongConsumer progress) {
    List<Finding> findings = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    try (PerceptionPipeline pipeline = pipelines.create(PipelineConfig.defaults(), notice -> {});
        PerceptionPipeline asGiven = pipelines.create(PipelineConfig.defaults(), this::accept);
        InertialCheck inertial = new InertialCheck(pipelines)) {
      SourceItem item = source.next();
      while (item != null) {
        look(item, pipeline, asGiven, inertial);
        progress.accept(++frames);
        item = source.next();
      }
      inertial.judge(source.name(), wantsImu, seen, findings);
    }
    seen.add(
        0,
        "%s: %d frames read, %d of them could not be used"
            .formatted(source.name(), frames, refused));
    judgeReading(source.name(), findings);
    findings.addAll(stream.findings(source.name()));
    judgeMiddle(source.name(), findings);
    judgeCalibration(source.name(), seen, findings);
    return new DoctorReport(seen, findings);
  }

  private void accept(Notice notice) {
    if (notice.topic() == Notice.Topic.LENS && notice.severity() == Notice.Severity.WARNING) {
      lensNotice = notice;
    }
  }

  private void look(
      SourceItem item,
      PerceptionPipeline pipeline,
      PerceptionPipeline asGiven,
      InertialCheck inertial) {
    if (item instanceof SourceItem.Refused unusable) {
      refused++;
      firstRefusal = firstRefusal == null ? unusable.reason() : firstRefusal;
    } else if (item instanceof SourceItem.Frame frame) {
      CameraFrame f = frame.frame();
      given = f.calibration();
      stream.accept(f);
      inertial.look(f);
      if (lensNotice == null && given.origin() == CameraCalibration.Origin.GIVEN) {
        asGiven.process(f);
      }
      if (!Double.isNaN(toldFocalPx)) {
        return;
      }
      CameraCalibration assumed = AssumedCamera.of(f.picture().width(), f.picture().height());
      if (pipeline.process(f.withCalibration(assumed)) instanceof Estimated e
          && e.camera().fx() != assumed.model().rectified().fx()) {
        toldFocalPx = e.camera().fx();
      }
    }
  }

  private void judgeReading(String name, List<Finding> findings) {
    if (frames == 0) {
      findings.add(Finding.error(name, "holds no frame", "check the path and the topic"));
    } else if (refused > 0) {
      findings.add(
          Finding.warning(
              name,
              "%d of %d frames cannot be used, the first: %s"
                  .formatted(refused, frames, firstRefusal),
              "leave them out, or record anew"));
    }
  }

  private void judgeMiddle(String name, List<Finding> findings) {
    if (given == null || given.origin() != CameraCalibration.Origin.GIVEN) {
      return;
    }
    PinholeCamera camera = given.model().rectified();
    double right = camera.cx() - (camera.width() - 1) / 2.0;
    double down = camera.cy() - (camera.height() - 1) / 2.0;
    if (Math.abs(right) < USUAL_OFFSET * camera.width()
        && Math.abs(down) < USUAL_OFFSET * camera.height()) {
      return;
    }
    boolean turned =
        Math.abs(camera.cx() - (camera.height() - 1) / 2.0) < 0.05 * camera.height()
            && Math.abs(camera.cy() - (camera.width() - 1) / 2.0) < 0.05 * camera.width();
    findings.add(
        Finding.warning(
            name,
            "the calibration's principal point (%.0f, %.0f) lies far from the middle of %dx%d pictures%s"
                .formatted(
                    camera.cx(),
                    camera.cy(),
                    camera.width(),
                    camera.height(),
                    turned
                        ? ": it is of pictures turned by 90 degrees, with cx and cy exchanged"
                        : ""),
            "calibrate in the size, crop and orientation that are used, and give --camera camera.yaml"));
  }

  private void judgeCalibration(String name, List<String> seen, List<Finding> findings) {
    CameraCalibration calibration = given;
    if (calibration == null) {
      return;
    }
    if (calibration.origin() != CameraCalibration.Origin.GIVEN) {
      findings.add(
          Finding.warning(
              name,
              "has no calibration" + (Double.isNaN(toldFocalPx) ? "" : told()),
              "calibrate with camera_calibration, or give --camera camera.yaml"));
      return;
    }
    if (lensNotice != null) { // the focal length by itself would take in what the lens bends
      findings.add(
          Finding.error(
              name,
              lensNotice.message(),
              "calibrate in the mode and size that are used (pictures that are rectified already:"
                  + " with D all 0), and give --camera camera.yaml"));
      return;
    }
    double fx = calibration.model().rectified().fx();
    if (Double.isNaN(toldFocalPx)) {
      seen.add(
          ("the pictures do not tell the focal length, so that the calibration's %.0f px are not"
                  + " checked: a camera that turns and moves aside tells it")
              .formatted(fx));
      return;
    }
    seen.add("the calibration has a focal length of %.0f px%s".formatted(fx, told()));
    if (Math.abs(Math.log(toldFocalPx / fx)) > MOST_APART) {
      findings.add(
          Finding.error(
              name,
              "the calibration has a focal length of %.0f px%s".formatted(fx, told()),
              "depth and path are bent by the difference; calibrate the camera anew in the mode and"
                  + " size it is used in, and give --camera camera.yaml"));
    }
  }

  private String told() {
    return ", its pictures tell %.0f px (within about 4 %%)".formatted(toldFocalPx);
  }
}
