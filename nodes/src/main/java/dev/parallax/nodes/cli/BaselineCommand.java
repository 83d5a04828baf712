package dev.parallax.nodes.cli;

import dev.parallax.nodes.runtime.files.OutputFolder;
import dev.parallax.nodes.runtime.files.PathFiles;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.Recordings;
import dev.parallax.nodes.source.SourceException;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.PoseEstimate;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.pipeline.FrameOutcome.Skipped;
import dev.parallax.perception.pipeline.StageTimings;
import dev.parallax.perception.pipeline.StageTimings.Stage;
import dev.parallax.sim.baseline.BaselineConfig;
import dev.parallax.sim.baseline.OpenCvOdometry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code baseline}: a plain OpenCV odometry over a recording, to hold replay's path against. */
@Command(
    name = "baseline",
    mixinStandardHelpOptions = true,
    description = {
      "Estimates a recording's path by plain OpenCV: five points, pyramidal Lucas-Kanade, PnP and",
      "a bundle adjustment over seven keyframes. Leaves trajectory.tum and frames.csv, for eval.",
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  parallax baseline kitti06 --out plain && parallax eval --est plain --gt kitti06",
    })
public final class BaselineCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Parameters(paramLabel = "INPUT", description = "a recording, as replay takes it")
  @SuppressWarnings("NullAway.Init")
  private Path input;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "folder for the path")
  @SuppressWarnings("NullAway.Init")
  private Path out;

  @Option(names = "--force", description = "replace the results of an earlier run in --out")
  private boolean force;

  @Option(names = "--no-adjustment", description = "leave out the bundle adjustment")
  private boolean withoutAdjustment;

  @Mixin private RecordingArguments recording = new RecordingArguments();

  private @Nullable OpenCvOdometry odometry;
  private int given;
  private int posed;
  private double[] millis = new double[1024];

  @Override
  public Integer call() {
    try (FrameSource source = Recordings.open(input, recording.options(false));
        PathFiles files = new PathFiles(OutputFolder.prepare(out, force), resolved().lines());
        ProgressBar progress =
            ProgressBar.onStandardError("baseline", "frames", source.frameCount())) {
      for (SourceItem item = source.next(); item != null; item = source.next()) {
        take(item, files);
        progress.update(++given);
      }
    } finally {
      if (odometry != null) {
        odometry.close();
      }
    }
    if (given == 0) {
      throw new SourceException(input + ": holds no frame; check the path and the topic");
    }
    conclude();
    return ExitStatus.OK;
  }

  private void take(SourceItem item, PathFiles files) {
    if (item instanceof SourceItem.Refused refused) {
      files.withoutPose(
          skipped(item, Skipped.Reason.REFUSED, refused.reason(), StageTimings.none()));
    } else if (item instanceof SourceItem.Frame frame) {
      take(frame.frame(), item, files);
    }
  }

  private void take(CameraFrame frame, SourceItem item, PathFiles files) {
    OpenCvOdometry live = odometry;
    if (live == null) {
      live = new OpenCvOdometry(config(), frame.calibration().model());
      odometry = live;
    }
    long startNs = System.nanoTime();
    Optional<OpenCvOdometry.Step> step = live.track(frame);
    long tookNs = System.nanoTime() - startNs;
    StageTimings timings = new StageTimings(Map.of(Stage.TOTAL, tookNs));
    if (given == millis.length) {
      millis = Arrays.copyOf(millis, 2 * given);
    }
    millis[given] = tookNs / 1e6;
    if (step.isEmpty()) {
      files.withoutPose(
          skipped(item, Skipped.Reason.INITIALIZING, "no first pair of keyframes yet", timings));
      return;
    }
    posed++;
    files.published(
        frame.id(),
        new PoseEstimate(
            frame.stamp(),
            step.get().T_odom_cam(),
            new double[36],
            step.get().inlierShare(),
            TrackingState.TRACKING,
            ScaleSource.RELATIVE),
        timings);
  }

  private static Skipped skipped(
      SourceItem item, Skipped.Reason reason, String detail, StageTimings timings) {
    return new Skipped(item.id(), item.stamp(), reason, detail, timings);
  }

  private BaselineConfig config() {
    return BaselineConfig.defaults().withAdjust(!withoutAdjustment);
  }

  private ResolvedConfig resolved() {
    ResolvedConfig config = new ResolvedConfig().put("input", input.toAbsolutePath().normalize());
    config.put("method", "OpenCV five-point, Lucas-Kanade, PnP");
    config.put("bundle_adjustment", !withoutAdjustment);
    recording.describe(config);
    return config;
  }

  private void conclude() {
    double[] sorted = Arrays.copyOf(millis, given);
    Arrays.sort(sorted);
    PrintWriter stdout = spec.commandLine().getOut();
    stdout.printf(
        Locale.ROOT,
        "%d frames, %d with a pose; %.1f ms a frame (median)%nresults  %s%n",
        given,
        posed,
        sorted[given / 2],
        out.resolve(""));
    stdout.flush();
  }
}
