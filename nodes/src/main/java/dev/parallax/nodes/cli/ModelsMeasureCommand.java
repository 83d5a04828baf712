package dev.parallax.nodes.cli;

import dev.parallax.nodes.model.ModelException;
import dev.parallax.nodes.model.Models;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.GroundTruths;
import dev.parallax.nodes.source.Recordings;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.UndistortionMap;
import dev.parallax.perception.prior.DepthPrior;
import dev.parallax.perception.prior.PriorDepth;
import dev.parallax.perception.prior.PriorException;
import dev.parallax.sim.eval.GroundTruth;
import dev.parallax.sim.eval.depth.PerFrameDepthEvaluation;
import dev.parallax.sim.eval.depth.TruthSampler;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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

  private final List<Double> milliseconds = new ArrayList<>();

  @Override
  public Integer call() {
    GroundTruth truth = GroundTruths.open(input, recording.options(true));
    PinholeCamera camera = truth.camera();
    if (camera == null) {
      throw new CommandFailure(input + ": holds no depth to measure against");
    }
    PerFrameDepthEvaluation evaluation = new PerFrameDepthEvaluation();
    try (DepthPrior prior = Models.named(model, threads);
        FrameSource source = Recordings.open(input, recording.options(false));
        ProgressBar bar = ProgressBar.onStandardError("measure", "frames", source.frameCount())) {
      Measurement each = new Measurement(prior, truth, camera, evaluation);
      long done = 0;
      for (SourceItem item = source.next(); item != null; item = source.next()) {
        if (item instanceof SourceItem.Frame frame) {
          each.add(frame.frame());
        }
        bar.update(++done);
      }
    } catch (ModelException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    } catch (PriorException e) {
      throw new CommandFailure("%s: %s".formatted(model, e.getMessage()), e);
    }
    print(evaluation.result());
    return ExitStatus.OK;
  }

  private void print(PerFrameDepthEvaluation.Result r) {
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

  private static void print(PrintWriter out, String how, PerFrameDepthEvaluation.Figures figures) {
    out.printf(
        Locale.ROOT, "%-24s AbsRel %.3f  delta1 %.3f%n", how, figures.absRel(), figures.delta1());
  }

  /** One recording's frames, one after the other. */
  private final class Measurement {
    private final DepthPrior prior;
    private final GroundTruth truth;
    private final PinholeCamera camera;
    private final PerFrameDepthEvaluation evaluation;
    private @Nullable UndistortionMap map;

    Measurement(
        DepthPrior prior,
        GroundTruth truth,
        PinholeCamera camera,
        PerFrameDepthEvaluation evaluation) {
      this.prior = prior;
      this.truth = truth;
      this.camera = camera;
      this.evaluation = evaluation;
    }

    void add(CameraFrame frame) throws PriorException {
      DepthMap depth = truth.depth(frame.stamp());
      if (depth == null) {
        return;
      }
      Picture picture = rectified(frame);
      PinholeCamera own = frame.calibration().model().rectified();
      float[] known = knownShare > 0 ? known(depth, own) : null;
      long start = System.nanoTime();
      PriorDepth answer = prior.estimate(picture, own, known);
      milliseconds.add((System.nanoTime() - start) / 1e6);
      float[] truthM = new TruthSampler(camera, answer.grid()).sample(depth.depthM());
      evaluation.add(frame.stamp(), answer.grid(), answer.depth(), answer.std(), truthM);
    }

    private Picture rectified(CameraFrame frame) {
      if (frame.calibration().model().isRectified()) {
        return frame.picture();
      }
      UndistortionMap known = map == null ? UndistortionMap.of(frame.calibration().model()) : map;
      map = known;
      return nearest(frame.picture(), known);
    }

    /** Every second block of the true depth or so, as inverse depth on the picture's grid. */
    private float[] known(DepthMap depth, PinholeCamera own) {
      float[] metres = new TruthSampler(camera, own).sample(depth.depthM());
      int block = Math.max(1, own.width() / 16);
      for (int i = 0; i < metres.length; i++) {
        int cell = i / own.width() / block * 31 + i % own.width() / block;
        boolean told = Math.floorMod(cell * 0x9E3779B1, 1000) < 1000 * knownShare;
        metres[i] = told && metres[i] > 0 ? 1 / metres[i] : 0;
      }
      return metres;
    }
  }

  private static Picture nearest(Picture picture, UndistortionMap map) {
    int channels = picture.format().channels();
    byte[] out = new byte[picture.data().length];
    float[] uv = map.sourceUv();
    for (int i = 0; i < uv.length / 2; i++) {
      if (!Float.isNaN(uv[2 * i])) {
        int from = Math.round(uv[2 * i + 1]) * picture.width() + Math.round(uv[2 * i]);
        System.arraycopy(picture.data(), channels * from, out, channels * i, channels);
      }
    }
    return new Picture(picture.width(), picture.height(), picture.format(), out);
  }
}
