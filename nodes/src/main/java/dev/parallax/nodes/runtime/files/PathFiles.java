package dev.parallax.nodes.runtime.files;

import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.PoseEstimate;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.StageTimings;
import java.util.List;

/**
 * What {@code eval} needs of a run that estimates the path alone: {@code config.yaml}, {@code
 * trajectory.tum} and {@code frames.csv}, whole after each frame.
 */
public final class PathFiles implements AutoCloseable {
  private final TrajectoryFile trajectory;
  private final FramesCsv frames;

  /**
   * @param resolvedConfig lines of {@code config.yaml}
   * @throws OutputException if the files cannot be made
   */
  public PathFiles(OutputFolder folder, List<String> resolvedConfig) {
    folder.write(
        OutputFolder.MARK,
        OutputFolder.MARK_LINE + "\n" + String.join("\n", resolvedConfig) + "\n");
    trajectory = TrajectoryFile.inOdom(folder);
    frames = new FramesCsv(folder);
  }

  /** A frame with a pose. */
  public void published(FrameId id, PoseEstimate pose, StageTimings timings) {
    trajectory.append(pose.stamp(), pose.T_odom_cam());
    frames.append(id, pose, timings);
  }

  /** A frame without one. */
  public void withoutPose(FrameOutcome outcome) {
    frames.append(outcome);
  }

  @Override
  public void close() {
    try (frames) {
      trajectory.close();
    }
  }
}
