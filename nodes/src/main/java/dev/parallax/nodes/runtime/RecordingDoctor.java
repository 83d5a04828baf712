package dev.parallax.nodes.runtime;

import dev.parallax.nodes.source.AssumedCamera;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what is wrong with a recording: pictures that cannot be read, and a calibration that
 * its own pictures contradict. The pictures are followed as if nothing were known of the camera,
 * until they tell its focal length.
 */
public final class RecordingDoctor {
  /** The focal length told has a std of 3 to 4 %: farther apart than this is no chance. */
  private static final double MOST_APART = 0.1;

  private final PipelineFactory pipelines;
  private @Nullable CameraCalibration given;
  private @Nullable String firstRefusal;
  private double toldFocalPx = Double.NaN;
  private long frames;
  private long refused;

  public RecordingDoctor(PipelineFactory pipelines) {
    this.pipelines = pipelines;
  }

  /**
   * Reads a recording, from its begin until there is nothing more to learn from it.
   *
   * @param source is left open
   * @param progress told how many frames were read so far
   */
  public DoctorReport examine(FrameSource source, LongConsumer progress) {
    try (PerceptionPipeline pipeline = pipelines.create(PipelineConfig.defaults(), notice -> {})) {
      SourceItem item = source.next();
      while (item != null && Double.isNaN(toldFocalPx)) {
        look(item, pipeline);
        progress.accept(++frames);
        item = source.next();
      }
    }
    List<Finding> findings = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    seen.add(
        "%s: %d frames read, %d of them could not be used"
            .formatted(source.name(), frames, refused));
    judgeReading(source.name(), findings);
    judgeCalibration(source.name(), seen, findings);
    return new DoctorReport(seen, findings);
  }

  private void look(SourceItem item, PerceptionPipeline pipeline) {
    if (item instanceof SourceItem.Refused unusable) {
      refused++;
      firstRefusal = firstRefusal == null ? unusable.reason() : firstRefusal;
    } else if (item instanceof SourceItem.Frame frame) {
      CameraFrame f = frame.frame();
      given = f.calibration();
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
