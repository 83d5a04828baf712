package dev.parallax.nodes.cli;

import dev.parallax.kernels.VoxelKernels;
import dev.parallax.kernels.cpu.CpuVoxelKernels;
import dev.parallax.nodes.source.GroundTruths;
import dev.parallax.nodes.source.ResultFolder;
import dev.parallax.sim.eval.EvalPage;
import dev.parallax.sim.eval.EvalReport;
import dev.parallax.sim.eval.EvaluationException;
import dev.parallax.sim.eval.GroundTruth;
import dev.parallax.sim.eval.TextTable;
import dev.parallax.sim.eval.depth.DepthEvaluation;
import dev.parallax.sim.eval.map.MapEvaluation;
import dev.parallax.sim.eval.motion.MotionEvaluation;
import dev.parallax.sim.eval.odometry.OdometryEvaluation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code parallax eval}: holds what replay left against what is known to be true. */
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    description =
        "Measure a run against ground truth: odometry, depth, scene flow, moving mask, map.",
    footerHeading = "%nExample:%n",
    footer = {
      "  parallax replay kitti06 --out out && parallax eval --est out --gt kitti06",
      "  parallax baseline kitti06 --out plain && parallax eval --est out --beside plain --gt kitti06",
      "Prints a table and writes eval.json and eval.html. What replay was told about the recording",
      "(--depth-units, topics) must be told again. A KITTI folder with both cameras gives true depth",
      "up to 40 m by stereo matching.",
    })
public final class EvalCommand implements Callable<Integer> {
  @Option(
      names = "--est",
      required = true,
      paramLabel = "DIR",
      description = "The folder that replay wrote with --out.")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private Path estimate;

  @Option(
      names = "--gt",
      required = true,
      paramLabel = "PATH",
      description = "The recording with its ground truth: a folder or a bag.")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private Path truth;

  @Option(
      names = "--beside",
      paramLabel = "DIR",
      description =
          "What another odometry left of the same recording, such as baseline: errors that both"
              + " make alike are the truth's, the calibration's or the pictures' (default: none).")
  private @Nullable Path beside;

  /** How replay was told to read the same recording. */
  @Mixin private RecordingArguments recording = new RecordingArguments();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where eval.json and eval.html go (default: the folder of --est).")
  private @Nullable Path out;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Override
  public Integer call() {
    ResultFolder run = ResultFolder.open(estimate);
    GroundTruth known = GroundTruths.open(truth, recording.options(true));
    EvalReport.Builder builder = new EvalReport.Builder();
    try {
      OdometryEvaluation.judge(run, known, builder);
      if (beside != null) {
        OdometryEvaluation.judgeBeside(run, ResultFolder.open(beside), known, builder);
      }
      double clipScale = DepthEvaluation.judge(run, known, builder);
      MotionEvaluation.judge(run, known, clipScale, builder);
      try (VoxelKernels kernels = new CpuVoxelKernels(Runtime.getRuntime().availableProcessors())) {
        MapEvaluation.judge(run, known, clipScale, kernels, builder);
      }
    } catch (EvaluationException e) {
      throw new CommandFailure("%s against %s: %s".formatted(estimate, truth, e.getMessage()), e);
    }
    EvalReport report = builder.build();
    PrintWriter console = spec.commandLine().getOut();
    console.print(TextTable.of(report));
    console.flush();
    write(report);
    if (report.isEmpty()) {
      throw new CommandFailure(
          "%s: nothing in it could be judged against %s; the lines above say why"
              .formatted(estimate, truth));
    }
    return ExitStatus.OK;
  }

  private void write(EvalReport report) {
    Path folder = out == null ? estimate : out;
    try {
      Files.createDirectories(folder);
      Files.writeString(
          folder.resolve("eval.json"), EvalJson.of(report, estimate.toString(), truth.toString()));
      Files.writeString(
          folder.resolve("eval.html"), EvalPage.of(report, estimate.toString(), truth.toString()));
    } catch (IOException e) {
      throw new CommandFailure(
          "%s: the evaluation could not be written (%s); give a writable folder with --out"
              .formatted(folder, e),
          e);
    }
  }
}
