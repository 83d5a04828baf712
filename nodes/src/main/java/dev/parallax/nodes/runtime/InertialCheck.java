package dev.parallax.nodes.runtime;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.perception.pipeline.PipelineConfig.ScaleConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds the readings of an IMU against the pictures beside it, with the calibration as it is given,
 * until the accelerometer has told the scale too. One thread at a time; owns its pipeline.
 */
final class InertialCheck implements AutoCloseable {
  private final PerceptionPipeline pipeline;
  private final List<Notice> told = new ArrayList<>();
  private boolean hasReadings;
  private boolean isDone;

  InertialCheck(PipelineFactory pipelines) {
    pipeline =
        pipelines.create(PipelineConfig.defaults().withScale(ScaleConfig.imu()), this::accept);
  }

  private void accept(Notice notice) {
    if (notice.topic() == Notice.Topic.IMU) {
      told.add(notice);
    }
  }

  /** Looks at a picture and the readings that it carries. */
  void look(CameraFrame frame) {
    hasReadings |= frame.inertial() != null;
    if (hasReadings && !isDone && pipeline.process(frame) instanceof Estimated e) {
      isDone = e.pose().scale() == ScaleSource.IMU;
    }
  }

  /**
   * @param wanted whether an IMU was asked for
   */
  void judge(String name, boolean wanted, List<String> seen, List<Finding> findings) {
    for (Notice notice : told) {
      if (notice.severity() == Notice.Severity.WARNING) {
        findings.add(
            Finding.error(name, notice.message(), "leave the IMU out until that is mended"));
      } else {
        seen.add(notice.message());
      }
    }
    if (wanted && !hasReadings) {
      findings.add(
          Finding.error(
              name, "no picture has IMU readings near its stamp", "record both by one clock"));
    } else if (hasReadings && told.isEmpty()) {
      seen.add("the camera turned too little to hold the IMU against the pictures");
    }
  }

  @Override
  public void close() {
    pipeline.close();
  }
}
