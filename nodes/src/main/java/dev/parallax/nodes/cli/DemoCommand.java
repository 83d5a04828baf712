package dev.parallax.nodes.cli;

import dev.parallax.nodes.runtime.DeliveryMode;
import dev.parallax.nodes.runtime.OutcomeSink;
import dev.parallax.nodes.runtime.PacedSource;
import dev.parallax.nodes.runtime.PipelineFactory;
import dev.parallax.nodes.runtime.PipelineRunner;
import dev.parallax.nodes.runtime.files.FileSink;
import dev.parallax.nodes.runtime.files.OutputFolder;
import dev.parallax.nodes.source.SimulatedSource;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.perception.pipeline.PipelineConfig.ScaleConfig;
import dev.parallax.sim.scene.SimulatedSequence;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parallax demo}: a simulated robot drives through a room, live on a web page. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "A simulated robot drives round a room with walking people, live, through the same pipeline"
          + " as a real camera, and shows it on a web page on loopback.",
      "Drives on until Ctrl-C; with --frames it ends by itself and says how near the truth it was.",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  parallax demo",
      "  parallax demo --frames 300 --out out",
    })
public final class DemoCommand implements Callable<Integer> {
  private static final long SEED = 1;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Option(names = "--frames", paramLabel = "N", description = "end after so many frames")
  private @Nullable Integer frames;

  @Option(
      names = "--fps",
      paramLabel = "F",
      defaultValue = "15",
      description = "pictures a second of the simulated camera (default: ${DEFAULT-VALUE})")
  private double fps;

  @Option(names = "--out", paramLabel = "DIR", description = "folder for the results, as of replay")
  private @Nullable Path out;

  @Option(names = "--force", description = "replace the results of an earlier run in --out")
  private boolean force;

  @Option(
      names = "--port",
      paramLabel = "P",
      description = "port of the page, on loopback (default: 8080 or the next free)")
  private @Nullable Integer port;

  @Mixin private DeviceArguments device = new DeviceArguments();

  private final @Nullable PipelineFactory given;

  /** The real pipeline, on the device that is asked for. */
  public DemoCommand() {
    given = null;
  }

  /** Another pipeline, for tests. */
  DemoCommand(PipelineFactory given) {
    this.given = given;
  }

  @Override
  public Integer call() {
    if (frames != null && frames < 2) {
      throw new ParameterException(spec.commandLine(), "--frames must be at least 2");
    }
    if (!(fps > 0 && fps <= 120)) {
      throw new ParameterException(spec.commandLine(), "--fps must be above 0 and at most 120");
    }
    boolean endless = frames == null;
    int length = endless ? Integer.MAX_VALUE : frames; // the room's path is closed: it goes on
    try (SimulatedSequence drive = SimulatedSequence.room(SEED, length, fps);
        Dashboard dashboard =
            Dashboard.startIf(port == null ? Dashboard.ANY_PORT : port, "simulated room")) {
      return drive(drive, endless, dashboard);
    }
  }

  private int drive(SimulatedSequence drive, boolean endless, Dashboard dashboard) {
    PipelineFactory pipelines = given == null ? device.factory() : given;
    PacedSource source = new PacedSource(new SimulatedSource(drive, endless), 1, System::nanoTime);
    // A robot knows how high its camera is mounted; the room's floor is at height 0.
    double cameraHeightM = drive.pose(0).T_world_cam().tz();
    PipelineConfig config =
        PipelineArguments.live(
            PipelineConfig.defaults().withScale(ScaleConfig.cameraHeight(cameraHeightM)));
    List<OutcomeSink> sinks = new ArrayList<>();
    dashboard.addTo(sinks, spec.commandLine().getErr());
    if (out != null) {
      List<String> resolved =
          new ResolvedConfig()
              .put("input", "simulated room")
              .put("fps", fps)
              .put("camera_height_m", cameraHeightM)
              .lines();
      sinks.add(new FileSink(OutputFolder.prepare(out, force), source.name(), resolved));
    }
    sinks.add(new ConsoleSink(ProgressBar.onStandardError("demo", "frames", source.frameCount())));
    SampledRun sampled = new SampledRun(drive.frameCount());
    if (!endless) {
      sinks.add(sampled);
    }
    PipelineRunner runner =
        new PipelineRunner(
            source, notices -> pipelines.create(config, notices), sinks, DeliveryMode.LIVE);
    long startNs = System.nanoTime();
    PipelineRunner.Result result;
    try (StopOnInterrupt unused = new StopOnInterrupt(runner, source::release)) {
      result = runner.run();
    }
    double elapsedS = (System.nanoTime() - startNs) / 1e9;
    return conclude(drive, runner, result, elapsedS, endless ? null : sampled);
  }

  private int conclude(
      SimulatedSequence drive,
      PipelineRunner runner,
      PipelineRunner.Result result,
      double elapsedS,
      @Nullable SampledRun sampled) {
    PrintWriter stdout = spec.commandLine().getOut();
    stdout.print(RunSummary.text(result.counts(), runner.ledger().latencies().values(), elapsedS));
    if (sampled != null && !result.stopped()) {
      stdout.print(DemoVerdict.text(sampled, drive));
    }
    stdout.flush();
    for (RuntimeException failure : result.failures()) {
      spec.commandLine().getErr().println("parallax: " + failure.getMessage());
    }
    return result.failures().isEmpty() && result.counts().inFlight() == 0
        ? ExitStatus.OK
        : ExitStatus.FAILED;
  }
}
