package dev.parallax.nodes.cli;

import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.nodes.model.ModelException;
import dev.parallax.nodes.model.Models;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.RecordingOptions;
import dev.parallax.nodes.source.Recordings;
import dev.parallax.nodes.source.SourceException;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.loop.LoopConfig;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.sim.training.AdaptationFigures;
import dev.parallax.sim.training.AdaptationProgress;
import dev.parallax.sim.training.AdaptationRecipe;
import dev.parallax.sim.training.DepthAdaptation;
import dev.parallax.sim.training.MeasuredClip;
import dev.parallax.sim.training.TrainingException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code adapt}: refines the depth network on a recording, without ground truth. */
@Command(
    name = "adapt",
    mixinStandardHelpOptions = true,
    description = {
      "Refine the depth network on a recording of your own. No ground truth goes in:"
          + " the pipeline runs over the frames, and the network learns from the depth that"
          + " it triangulates, weighted by its std, and from where pixels are found again in"
          + " neighbouring pictures with parallax. The recording's end is held out and judges"
          + " the result. One thread; a few minutes."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  parallax adapt drive.bag --out drive.onnx",
      "  parallax replay next.bag --depth-prior drive.onnx --out out",
      "  parallax adapt walk.mp4 --camera camera.yaml --mean-speed 1.2 --out walk.onnx",
    })
public final class AdaptCommand implements Callable<Integer> {
  @Parameters(paramLabel = "INPUT", description = "a recording, as replay takes it")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private Path input;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "MODEL.onnx",
      description = "the file for the refined network")
  @SuppressWarnings("NullAway.Init")
  private Path out;

  @Option(names = "--force", description = "replace the file if it is there")
  private boolean force;

  @Option(
      names = "--from",
      paramLabel = "built-in|FILE",
      description = "the network to begin with, one of Parallax's own (default: ${DEFAULT-VALUE})")
  private String from = Models.BUILT_IN;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "how many steps to learn (default: ${DEFAULT-VALUE})")
  private long steps = AdaptationRecipe.defaults().steps();

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "decides the order of learning (default: ${DEFAULT-VALUE})")
  private long seed = AdaptationRecipe.defaults().seed();

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "the highest rate of learning (default: ${DEFAULT-VALUE})")
  private double rate = AdaptationRecipe.defaults().rate();

  @Option(
      names = "--mean-speed",
      paramLabel = "M/S",
      description =
          "the camera's mean speed over the recording, from which metres follow (default: the"
              + " network's own idea of metres is kept)")
  private @Nullable Double speedMps;

  @Mixin private RecordingArguments recording = new RecordingArguments();

  @Mixin private PipelineArguments pipeline = new PipelineArguments();

  @Mixin private DeviceArguments device = new DeviceArguments();

  @Mixin private PartArguments part = new PartArguments();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Override
  public Integer call() {
    AdaptationRecipe recipe = checked();
    byte[] network;
    try {
      network = Models.ownBytes(from);
      DepthAdaptation.check(network, from);
    } catch (ModelException | TrainingException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
    MeasuredClip clip = measured();
    try (PerceptionKernels kernels = new CpuKernels(1);
        LearningBar bar = new LearningBar();
        DepthAdaptation adaptation =
            DepthAdaptation.begin(network, from, clip, input.toString(), kernels, recipe, bar)) {
      AdaptationFigures before = adaptation.judge();
      adaptation.learn();
      AdaptationFigures after = adaptation.judge();
      bar.close();
      tell(adaptation, clip, before, after);
      return ExitStatus.OK;
    } catch (TrainingException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private AdaptationRecipe checked() {
    part.check(spec.commandLine());
    require(steps >= 1, "--steps must be at least 1");
    require(rate > 0, "--rate must be positive");
    require(speedMps == null || speedMps > 0, "--mean-speed must be positive");
    require(out.toString().endsWith(".onnx"), "--out must end in .onnx, got " + out);
    if (pipeline.config().scale().has(ScaleSource.SENSOR_DEPTH)) {
      throw new CommandFailure(
          "--scale sensor-depth: adapt learns from one camera alone; leave it out, or give"
              + " --mean-speed, --scale speed or --camera-height");
    }
    if (Files.exists(out) && !force) {
      throw new CommandFailure(out + ": is there already; give another name, or --force");
    }
    return AdaptationRecipe.defaults().withSteps(steps).withSeed(seed).withRate(rate);
  }

  private void require(boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  /** Runs the pipeline over the recording. */
  private MeasuredClip measured() {
    pipeline.findSources(input, recording.options(false));
    PipelineConfig config = pipeline.config().withLoops(LoopConfig.off());
    RecordingOptions options =
        recording.options(false).withSpeed(pipeline.speed()).withImu(pipeline.imu());
    MeasuredClip clip = new MeasuredClip(speedMps == null ? Double.NaN : speedMps);
    try (FrameSource source = part.of(Recordings.open(input, options));
        ProgressBar bar = ProgressBar.onStandardError("measure", "frames", source.frameCount());
        ConsoleSink console = new ConsoleSink(bar);
        PerceptionPipeline perception = device.factory().create(config, console::accept)) {
      long read = 0;
      for (SourceItem item = source.next(); item != null; item = source.next()) {
        if (item instanceof SourceItem.Frame frame) {
          clip.add(perception.process(frame.frame()));
        } else if (item instanceof SourceItem.Refused refused) {
          bar.println(refused.reason());
        }
        bar.update(++read);
      }
    }
    if (clip.frames() == 0) {
      throw new SourceException(
          input + ": no frame in the part that was asked for; check --start and --duration");
    }
    return clip;
  }

  /** Says what came of it, and writes the file if that is better. */
  private void tell(
      DepthAdaptation adaptation,
      MeasuredClip clip,
      AdaptationFigures before,
      AdaptationFigures after) {
    PrintWriter stdout = spec.commandLine().getOut();
    stdout.printf(
        Locale.ROOT,
        "%d frames: %d steps on %d views kept, judged on %d others at the end%n%28s%9s%9s%n",
        clip.frames(),
        adaptation.stepsKept(),
        adaptation.learnedViews(),
        after.views(),
        "",
        "before",
        "after");
    row(stdout, "AbsRel, told nothing", before.absRel(), after.absRel());
    row(stdout, "AbsRel, told half", before.absRelKnown(), after.absRelKnown());
    row(stdout, "flow to neighbours, px", before.flowPx(), after.flowPx());
    stdout.println("(AbsRel against triangulated depth, each picture at its own scale)");
    stdout.flush();
    if (!(after.absRel() < before.absRel())) {
      throw new CommandFailure(
          "%s: no better on the frames held out, so no file is written; record more, or move more"
              .formatted(input));
    }
    write(adaptation.onnx());
    stdout.printf("%s: written; take it with --depth-prior %s%n", out, out);
    if (Recordings.scaleSources(input, recording.options(false))
        .contains(ScaleSource.SENSOR_DEPTH)) {
      stdout.printf(
          "%s has depth of its own, which was not read: parallax models measure %s %s%s holds the"
              + " network against it%n",
          input, out, input, part.rest());
    }
    stdout.flush();
  }

  private static void row(PrintWriter out, String what, double before, double after) {
    out.printf(Locale.ROOT, "%-28s%9.3f%9.3f%n", what, before, after);
  }

  private void write(byte[] onnx) {
    Path partial = out.resolveSibling(out.getFileName() + ".part");
    try {
      Files.write(partial, onnx);
      Files.move(partial, out, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new CommandFailure("%s: cannot be written (%s)".formatted(out, e), e);
    }
  }

  /** One bar for making ready, one for learning. */
  private static final class LearningBar implements AdaptationProgress, AutoCloseable {
    private @Nullable ProgressBar bar;
    private boolean learning;

    @Override
    public void preparing(long done, long of) {
      if (bar == null) {
        bar = ProgressBar.onStandardError("prepare", "views", OptionalLong.of(of));
      }
      bar.update(done);
    }

    @Override
    public void learned(long step, long of, double loss) {
      if (!learning) {
        close();
        learning = true;
        bar = ProgressBar.onStandardError("adapt", "steps", OptionalLong.of(of));
      }
      if (bar != null) {
        bar.update(step);
      }
    }

    @Override
    public void close() {
      if (bar != null) {
        bar.close();
        bar = null;
      }
    }
  }
}
