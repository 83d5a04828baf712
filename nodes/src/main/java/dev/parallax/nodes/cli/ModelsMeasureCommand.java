package dev.parallax.nodes.cli;

import dev.parallax.nodes.model.ModelException;
import dev.parallax.nodes.model.Models;
import dev.parallax.nodes.model.PriorMeasurement;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.GroundTruths;
import dev.parallax.nodes.source.Recordings;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.prior.DepthPrior;
import dev.parallax.perception.prior.NetworkPlace;
import dev.parallax.perception.prior.PriorException;
import dev.parallax.sim.eval.GroundTruth;
import dev.parallax.sim.eval.depth.PerFrameDepthEvaluation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code models measure}: a network's depth of each picture by itself, against true depth. */
@Command(
    name = "measure",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description =
        "Run a network on every picture of a recording by itself and hold its depth against the"
            + " recording's own. The pictures' unit plays no part: this is the network alone.")
public final class ModelsMeasureCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "built-in, depth.onnx as train leaves it, or a YAML file (see models check).")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private String model;

  @Parameters(
      index = "1",
      paramLabel = "INPUT",
      description = "A recording with depth: a folder or a bag.")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private Path input;

  @Mixin private RecordingArguments recording = new RecordingArguments();

  @Mixin private PartArguments part = new PartArguments();

  @Option(
      names = "--known",
      paramLabel = "SHARE",
      description =
          "Give the network the true depth of this share of the pixels, in blocks, to see what it"
              + " makes of the rest.")
  private double knownShare = 0;

  @Option(names = "--threads", paramLabel = "N", description = "Threads the network may use.")
  private int threads = 1;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Override
  public Integer call() {
    part.check(spec.commandLine());
    GroundTruth truth = GroundTruths.open(input, recording.options(true));
    PinholeCamera camera = truth.camera();
    if (camera == null) {
      throw new CommandFailure(input + ": holds no depth to measure against");
    }
    try (DepthPrior prior = Models.named(model, NetworkPlace.cpu(threads));
        FrameSource source = part.of(Recordings.open(input, recording.options(false)));
        ProgressBar bar = ProgressBar.onStandardError("measure", "frames", source.frameCount())) {
      PriorMeasurement each = new PriorMeasurement(prior, truth, camera, knownShare);
      long done = 0;
      for (SourceItem item = source.next(); item != null; item = source.next()) {
        if (item instanceof SourceItem.Frame frame) {
          each.add(frame.frame());
        }
        bar.update(++done);
      }
      if (each.millis().isEmpty()) {
        throw new CommandFailure(
            input + ": no frame with depth in the part that was asked for; check --start");
      }
      print(each.result(), each.millis());
      print(each.steadiness());
    } catch (ModelException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    } catch (PriorException e) {
      throw new CommandFailure("%s: %s".formatted(model, e.getMessage()), e);
    }
    return ExitStatus.OK;
  }

  private void print(PerFrameDepthEvaluation.Result r, List<Double> millis) {
    List<Double> milliseconds = new ArrayList<>(millis);
    Collections.sort(milliseconds);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(Locale.ROOT, "%d frames, density %.2f%n", r.frames(), r.density());
    print(out, "as given", r.asGiven());
    print(out, "one scale for the clip", r.clipScale());
    print(out, "a scale of each frame", r.frameScale());
    out.printf(Locale.ROOT, "frames' own scales spread by %.1f %%%n", 100 * r.factorSpread());
    out.printf(
        Locale.ROOT,
        "std, at each frame's scale: %.3f within 1, %.3f within 2; surer half AbsRel %.3f%n",
        r.within1(),
        r.within2(),
        r.certainHalf());
    int n = milliseconds.size();
    out.printf(
        Locale.ROOT,
        "a picture, shrinking included: p50 %.1f ms, p90 %.1f ms%n",
        milliseconds.get(n / 2),
        milliseconds.get(9 * n / 10));
    out.flush();
  }

  private void print(PerFrameDepthEvaluation.Steadiness steadiness) {
    PrintWriter out = spec.commandLine().getOut();
    if (steadiness.pairs() == 0) {
      out.println("TAE: no two frames in a row have a true pose");
    } else {
      out.printf(
          Locale.ROOT,
          "TAE, one scale for the clip: %.2f %% over %d pairs of frames%n",
          steadiness.percent(),
          steadiness.pairs());
    }
    out.flush();
  }

  private static void print(PrintWriter out, String how, PerFrameDepthEvaluation.Figures figures) {
    out.printf(
        Locale.ROOT, "%-24s AbsRel %.3f  delta1 %.3f%n", how, figures.absRel(), figures.delta1());
  }
}
