package dev.parallax.nodes.runtime.files;

import dev.parallax.nodes.codec.CalibrationYaml;
import dev.parallax.nodes.runtime.Ledger;
import dev.parallax.nodes.runtime.OutcomeSink;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.PoseEstimate;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.Notice;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Leaves the results of a run in a folder. Trajectory, ledger and pictures are whole after each
 * frame; the map and the report are written at the end, also of a run that was stopped or failed.
 */
public final class FileSink implements OutcomeSink {
  private static final int REPORT_MOMENTS = 6;

  private final OutputFolder folder;
  private final String title;
  private final TrajectoryFile trajectory;
  private final TrajectoryFile inMap;
  private final CovarianceFile covariances;
  private final FramesCsv frames;
  private final @Nullable FieldFiles images;
  private OccupancyReplica map = new OccupancyReplica();
  private final MomentSampler moments = new MomentSampler(REPORT_MOMENTS);
  private PathHistory path = new PathHistory();
  private final Ledger ledger = new Ledger();
  private final Set<Notice> notices = new LinkedHashSet<>();
  private @Nullable Estimated latest;

  /**
   * @param title names the recording in the report
   * @param resolvedConfig lines of {@code config.yaml}
   * @throws OutputException if the first files cannot be made
   */
  public FileSink(OutputFolder folder, String title, List<String> resolvedConfig) {
    this(folder, title, resolvedConfig, false);
  }

  /**
   * @param pathOnly whether to leave out the pictures of depth and motion, for long recordings
   */
  public FileSink(
      OutputFolder folder, String title, List<String> resolvedConfig, boolean pathOnly) {
    this.folder = folder;
    this.title = title;
    folder.write(
        OutputFolder.MARK,
        OutputFolder.MARK_LINE + "\n" + String.join("\n", resolvedConfig) + "\n");
    trajectory = TrajectoryFile.inOdom(folder);
    inMap = TrajectoryFile.inMap(folder);
    covariances = new CovarianceFile(folder);
    frames = new FramesCsv(folder);
    images = pathOnly ? null : new FieldFiles(folder);
  }

  @Override
  public String name() {
    return "files";
  }

  @Override
  public void accept(SourceItem item, FrameOutcome outcome) {
    ledger.open(outcome.id());
    ledger.close(outcome);
    if (outcome instanceof Estimated frame) {
      acceptEstimated(frame);
    }
    frames.append(outcome); // last: a line here means that the frame's other files are there
  }

  /** Map and drawn path are of the last round alone; trajectory.tum holds every round. */
  @Override
  public void beginAnew() {
    map = new OccupancyReplica();
    path = new PathHistory();
  }

  @Override
  public void accept(Notice notice) {
    notices.add(notice);
  }

  @Override
  public void close() {
    Closing closing = new Closing();
    closing.attempt(trajectory::close);
    closing.attempt(inMap::close);
    closing.attempt(covariances::close);
    closing.attempt(frames::close);
    closing.attempt(() -> map.grid().ifPresent(grid -> MapFiles.write(folder, grid)));
    closing.attempt(() -> map.map().ifPresent(m -> PointCloudFile.write(folder, m)));
    closing.attempt(this::writeReport);
    closing.rethrow();
  }

  private void acceptEstimated(Estimated frame) {
    if (latest == null || !latest.depthCamera().equals(frame.depthCamera())) {
      folder.write(
          "camera.yaml", CalibrationYaml.text(frame.id().camera().name(), frame.depthCamera()));
    }
    latest = frame;
    PoseEstimate pose = frame.pose();
    trajectory.append(pose.stamp(), pose.T_odom_cam());
    inMap.append(pose.stamp(), frame.T_map_odom().times(pose.T_odom_cam()));
    covariances.append(pose);
    if (images != null) {
      images.write(frame);
    }
    map.apply(frame.map());
    moments.offer(frame);
    path.add(frame.pose().T_odom_cam());
  }

  private void writeReport() {
    ScaleSource scale = latest == null ? ScaleSource.RELATIVE : latest.pose().scale();
    ReplayReport report = new ReplayReport(title, scale);
    folder.write(
        "report.html",
        report.html(
            moments.moments(),
            path.xM(),
            path.yM(),
            map.grid().orElse(null),
            ledger.counts(),
            ledger.latencies().values(),
            notices));
  }

  /** Goes on after a failure, so that one file that cannot be written costs no other. */
  private static final class Closing {
    private @Nullable RuntimeException first;

    void attempt(Runnable step) {
      try {
        step.run();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }

    void rethrow() {
      if (first != null) {
        throw first;
      }
    }
  }
}
