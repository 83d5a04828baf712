package dev.parallax.nodes.cli;

import dev.parallax.nodes.runtime.ClippedSource;
import dev.parallax.nodes.runtime.DeliveryMode;
import dev.parallax.nodes.runtime.Ledger;
import dev.parallax.nodes.runtime.LoopedSource;
import dev.parallax.nodes.runtime.OutcomeSink;
import dev.parallax.nodes.runtime.PacedSource;
import dev.parallax.nodes.runtime.PipelineFactory;
import dev.parallax.nodes.runtime.PipelineRunner;
import dev.parallax.nodes.runtime.files.FileSink;
import dev.parallax.nodes.runtime.files.OutputException;
import dev.parallax.nodes.runtime.files.OutputFolder;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.RecordingOptions;
import dev.parallax.nodes.source.Recordings;
import dev.parallax.nodes.source.SourceException;
import dev.parallax.perception.frame.CameraId;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.pipeline.FrameOutcome.Skipped;
import dev.parallax.perception.pipeline.PipelineConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code replay}: a recording through the pipeline, deterministically, into files. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a recording through the pipeline and leaves depth, scene flow, path and map as files.",
      "Without --rate every frame is processed, as fast as possible, and two runs are alike.",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  parallax replay drive.bag --out out",
      "  parallax replay kitti06 --camera-height 1.65 --out out",
      "  parallax replay room.bag --image /camera/rgb --scale sensor-depth --out out",
      "  parallax replay dashcam.mp4 --rate 1 --web",
      "  parallax replay drive.bag --publish kafka --kafka 127.0.0.1:9092 --rate 1",
    })
public final class ReplayCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Parameters(
      paramLabel = "INPUT",
      description =
          "a ROS 1 bag, MCAP or rosbag2 file (.bag .mcap .db3), a video file, or a folder in KITTI odometry, TUM RGB-D, 7-Scenes, EuRoC"
              + " or plain layout (pictures and camera.yaml)")
  @SuppressWarnings("NullAway.Init")
  private Path input;

  @Mixin private RecordingArguments recording = new RecordingArguments();

  @Mixin private PipelineArguments pipeline = new PipelineArguments();

  @Mixin private DeviceArguments device = new DeviceArguments();

  @Option(names = "--out", paramLabel = "DIR", description = "folder for the results")
  private @Nullable Path out;

  @Option(names = "--force", description = "replace the results of an earlier replay in --out")
  private boolean force;

  @Option(
      names = "--start",
      paramLabel = "S",
      defaultValue = "0",
      description = "begin so many seconds after the first frame")
  private double startS;

  @Option(names = "--duration", paramLabel = "S", description = "end after so many seconds")
  private double durationS = Double.POSITIVE_INFINITY;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description =
          "play like a live camera at R times the recording's speed: the newest frame wins, late"
              + " ones are dropped and counted")
  private @Nullable Double rate;

  @Option(
      names = "--publish",
      paramLabel = "kafka",
      description =
          "send the frames to Kafka as their camera did (--kafka HOST:PORT), for nodes to work on;"
              + " nothing is worked out here")
  private @Nullable String publish;

  @Option(
      names = "--camera-name",
      paramLabel = "NAME",
      defaultValue = "camera",
      description = "what the camera is called (default: ${DEFAULT-VALUE})")
  private String cameraName = "camera";

  @Mixin private KafkaArguments kafka = new KafkaArguments();

  @Option(names = "--loop", description = "start over at the end, until Ctrl-C")
  private boolean loop;

  @Option(
      names = "--web",
      paramLabel = "PORT",
      arity = "0..1",
      fallbackValue = "-1",
      description = "show it on a web page, on loopback (default port: 8080 or the next free)")
  private @Nullable Integer webPort;

  private final @Nullable PipelineFactory given;

  /** The real pipeline, on the device that is asked for. */
  public ReplayCommand() {
    given = null;
  }

  /** Another pipeline, for tests. */
  ReplayCommand(PipelineFactory given) {
    this.given = given;
  }

  @Override
  public Integer call() {
    PipelineConfig config = pipeline.config();
    PipelineFactory pipelines = given == null ? device.factory() : given;
    RecordingOptions options =
        recording
            .options(config.scale().source() == ScaleSource.SENSOR_DEPTH)
            .withCamera(new CameraId(cameraName));
    requireUsage(publish == null || publish.equals("kafka"), "--publish is kafka, got " + publish);
    requireUsage(publish == null || out == null, "--publish works nothing out; leave out --out");
    try (FrameSource source = open(options)) {
      return publish == null ? replay(source, config, pipelines) : publish(source);
    }
  }

  private int publish(FrameSource source) {
    String stream = "replay-" + UUID.randomUUID();
    ProgressBar bar = ProgressBar.onStandardError("publish", "frames", source.frameCount());
    return new PublishRun(source, bar, spec.commandLine().getOut()).run(kafka.config(), stream);
  }

  private FrameSource open(RecordingOptions options) {
    requireUsage(startS >= 0, "--start must not be negative");
    requireUsage(durationS > 0, "--duration must be positive");
    requireUsage(rate == null || rate > 0 && rate < 1e6, "--rate must be positive");
    Supplier<FrameSource> opener =
        () -> {
          FrameSource whole = Recordings.open(input, options);
          boolean clipped = startS > 0 || durationS < Double.POSITIVE_INFINITY;
          return clipped ? new ClippedSource(whole, startS, durationS) : whole;
        };
    FrameSource source = loop ? new LoopedSource(opener) : opener.get();
    return rate == null ? source : new PacedSource(source, rate, System::nanoTime);
  }

  private int replay(FrameSource source, PipelineConfig config, PipelineFactory pipelines) {
    List<OutcomeSink> sinks = new ArrayList<>();
    try (Dashboard dashboard = Dashboard.startIf(webPort, source.name())) {
      dashboard.addTo(sinks, spec.commandLine().getErr());
      if (out != null) {
        sinks.add(new FileSink(OutputFolder.prepare(out, force), source.name(), resolved()));
      }
      ConsoleSink console =
          new ConsoleSink(ProgressBar.onStandardError("replay", "frames", source.frameCount()));
      sinks.add(console);
      PipelineRunner runner =
          new PipelineRunner(
              source,
              notices -> pipelines.create(config, notices),
              sinks,
              rate == null ? DeliveryMode.LOSSLESS : DeliveryMode.LIVE);
      long startNs = System.nanoTime();
      PipelineRunner.Result result = runStoppably(runner, source);
      double elapsedS = (System.nanoTime() - startNs) / 1e9;
      return conclude(runner, result, console, elapsedS);
    }
  }

  private static PipelineRunner.Result runStoppably(PipelineRunner runner, FrameSource source) {
    Runnable release = source instanceof PacedSource paced ? paced::release : () -> {};
    try (StopOnInterrupt unused = new StopOnInterrupt(runner, release)) {
      return runner.run();
    }
  }

  /** Prints the summary; the status is OK only if every frame of the input is accounted for. */
  private int conclude(
      PipelineRunner runner, PipelineRunner.Result result, ConsoleSink console, double elapsedS) {
    PrintWriter stdout = spec.commandLine().getOut();
    Ledger.Counts counts = result.counts();
    stdout.print(RunSummary.text(counts, runner.ledger().latencies().values(), elapsedS));
    if (out != null) {
      stdout.printf("results  %s (begin with report.html)%n", out.resolve(""));
    }
    stdout.flush();
    for (RuntimeException failure : result.failures()) {
      explain(failure);
    }
    if (!result.failures().isEmpty()) {
      return ExitStatus.FAILED;
    }
    if (counts.in() == 0) {
      throw new SourceException(
          input + ": no frame in the part that was asked for; check --start and --duration");
    }
    if (counts.skipped().getOrDefault(Skipped.Reason.REFUSED, 0L) == counts.in()) {
      throw new CommandFailure(
          "%s: not one of %d pictures could be used; the first: %s"
              .formatted(input, counts.in(), console.firstRefusal()));
    }
    return counts.inFlight() == 0 ? ExitStatus.OK : ExitStatus.FAILED;
  }

  private void explain(RuntimeException failure) {
    PrintWriter err = spec.commandLine().getErr();
    boolean expected = failure instanceof OutputException || failure instanceof SourceException;
    err.println("parallax: " + (expected ? failure.getMessage() : failure.toString()));
    if (!expected) {
      failure.printStackTrace(err);
    }
    err.flush();
  }

  private List<String> resolved() {
    ResolvedConfig config = new ResolvedConfig().put("input", input.toAbsolutePath().normalize());
    recording.describe(config);
    pipeline.describe(config);
    device.describe(config);
    config.put("start_s", startS);
    if (durationS < Double.POSITIVE_INFINITY) {
      config.put("duration_s", durationS);
    }
    return config
        .put("rate", rate == null ? "as fast as possible" : rate)
        .put("loop", loop)
        .lines();
  }

  private void requireUsage(boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
