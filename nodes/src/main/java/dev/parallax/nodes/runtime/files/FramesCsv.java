package dev.parallax.nodes.runtime.files;

import dev.parallax.perception.frame.PoseEstimate;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FrameOutcome.Lost;
import dev.parallax.perception.pipeline.FrameOutcome.Skipped;
import dev.parallax.perception.pipeline.StageTimings.Stage;
import java.util.Locale;

/**
 * {@code frames.csv}: one line for each input frame, what became of it and how long each stage
 * took. Fields that do not apply are empty; {@code detail} is last because it is free text.
 */
final class FramesCsv implements AutoCloseable {
  private final GrowingFile file;

  FramesCsv(OutputFolder folder) {
    file = folder.open("frames.csv");
    StringBuilder header =
        new StringBuilder("sequence,stamp,outcome,reason,state,scale,inlier_share");
    for (Stage stage : Stage.values()) {
      header.append(',').append(stage.name().toLowerCase(Locale.ROOT)).append("_ms");
    }
    file.appendLine(header.append(",detail").toString());
  }

  void append(FrameOutcome outcome) {
    StringBuilder line = new StringBuilder();
    line.append(outcome.id().sequence()).append(',').append(outcome.stamp());
    String detail = "";
    if (outcome instanceof Estimated e) {
      PoseEstimate pose = e.pose();
      line.append(",published,,").append(pose.state()).append(',').append(pose.scale().label());
      line.append(String.format(Locale.ROOT, ",%.4f", pose.inlierShare()));
    } else if (outcome instanceof Skipped s) {
      line.append(",skipped,").append(s.reason().name().toLowerCase(Locale.ROOT)).append(",,,");
      detail = s.detail();
    } else if (outcome instanceof Lost l) {
      line.append(",lost,,").append(l.state()).append(",,");
      detail = l.reason();
    }
    for (Stage stage : Stage.values()) {
      double millis = outcome.timings().millis(stage);
      line.append(Double.isNaN(millis) ? "," : String.format(Locale.ROOT, ",%.3f", millis));
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
