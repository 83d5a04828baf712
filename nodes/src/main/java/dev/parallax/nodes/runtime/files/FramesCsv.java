package dev.parallax.nodes.runtime.files;

import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.PoseEstimate;
import dev.parallax.perception.frame.ScaleFigures;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FrameOutcome.Lost;
import dev.parallax.perception.pipeline.FrameOutcome.Skipped;
import dev.parallax.perception.pipeline.StageTimings;
import dev.parallax.perception.pipeline.StageTimings.Stage;
import java.util.Locale;
import java.util.Set;

/**
 * {@code frames.csv}: one line for each input frame, what became of it and how long each stage
 * took. Fields that do not apply are empty; {@code detail} is last because it is free text.
 */
final class FramesCsv implements AutoCloseable {
  private final GrowingFile file;

  FramesCsv(OutputFolder folder) {
    file = folder.open("frames.csv");
    StringBuilder header =
        new StringBuilder("sequence,stamp,outcome,reason,state,scale,scale_std,inlier_share");
    for (Stage stage : Stage.values()) {
      header.append(',').append(stage.name().toLowerCase(Locale.ROOT)).append("_ms");
    }
    file.appendLine(header.append(",detail").toString());
  }

  void append(FrameOutcome outcome) {
    if (outcome instanceof Estimated e) {
      append(e.id(), e.pose(), e.timings());
    } else if (outcome instanceof Skipped s) {
      String reason = s.reason().name().toLowerCase(Locale.ROOT);
      append(s.id(), s.stamp(), ",skipped," + reason + ",,,,", s.timings(), s.detail());
    } else if (outcome instanceof Lost l) {
      append(l.id(), l.stamp(), ",lost,," + l.state() + ",,,", l.timings(), l.reason());
    }
  }

  /** A frame with a published pose. */
  void append(FrameId id, PoseEstimate pose, StageTimings timings) {
    StringBuilder middle = new StringBuilder(",published,,");
    middle.append(pose.state()).append(',').append(pose.scale().label()).append(',');
    if (!Double.isNaN(pose.scaleFigures().std())) {
      Decimals.appendFixed(middle, pose.scaleFigures().std(), 4);
    }
    middle.append(',');
    Decimals.appendFixed(middle, pose.inlierShare(), 4);
    append(id, pose.stamp(), middle.toString(), timings, detail(pose));
  }

  private static String detail(PoseEstimate pose) {
    String open = pose.figures().described();
    Set<ScaleSource> leftOut = pose.scaleFigures().leftOut();
    String without = leftOut.isEmpty() ? "" : "scale without " + ScaleFigures.labels(leftOut);
    return open.isEmpty() || without.isEmpty() ? open + without : open + "; " + without;
  }

  private void append(
      FrameId id, Timestamp stamp, String middle, StageTimings timings, String detail) {
    StringBuilder line = new StringBuilder();
    line.append(id.sequence()).append(',').append(stamp).append(middle);
    for (Stage stage : Stage.values()) {
      double millis = timings.millis(stage);
      line.append(',');
      if (!Double.isNaN(millis)) {
        Decimals.appendFixed(line, millis, 3);
      }
    }
    file.appendLine(line.append(',').append(quoted(detail)).toString());
  }

  /** RFC 4180: in quotes, with quotes doubled; line breaks would tear the line. */
  private static String quoted(String text) {
    return text.isEmpty()
        ? ""
        : '"' + text.replace("\"", "\"\"").replace('\n', ' ').replace('\r', ' ') + '"';
  }

  @Override
  public void close() {
    file.close();
  }
}
