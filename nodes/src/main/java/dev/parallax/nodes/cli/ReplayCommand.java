package dev.parallax.nodes.cli;

import dev.parallax.nodes.ros.RosConfig;
import dev.parallax.nodes.ros.RosException;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.tcpros.TcpRosNode;
import dev.parallax.nodes.runtime.DeliveryMode;
import dev.parallax.nodes.runtime.Ledger;
import dev.parallax.nodes.runtime.OutcomeSink;
import dev.parallax.nodes.runtime.PipelineFactory;
import dev.parallax.nodes.runtime.PipelineRunner;
import dev.parallax.nodes.runtime.PlaybackControl;
import dev.parallax.nodes.runtime.RestartablePipeline;
import dev.parallax.nodes.runtime.files.OutputException;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.RecordingOptions;
import dev.parallax.nodes.source.Recordings;
import dev.parallax.nodes.source.SourceException;
import dev.parallax.perception.frame.CameraId;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.pipeline.FrameOutcome.Skipped;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.perception.prior.NetworkPlace;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
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
      "Runs a recording through the pipeline and leaves depth, scene flow, path and map as files or a recording.",
      "Without --rate every frame is processed, as fast as possible, and two runs are alike.",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  parallax replay drive.bag --out out",
      "  parallax replay kitti06 --camera-height 1.65 --out out",
      "  parallax replay room.bag --image /camera/rgb --scale sensor-depth --out out",
      "  parallax replay drive.bag --scale speed --speed /wheel/odom --out out",
      "  parallax replay dashcam.mp4 --rate 1 --web",
      "  parallax replay kafka:camera.image --kafka 127.0.0.1:9092 --from @0 --out out",
      "  parallax replay drive.bag --publish kafka --kafka 127.0.0.1:9092 --rate 1",
      "  parallax replay drive.mcap --out out --out result.mcap",
      "  parallax replay drive.bag --publish ros --clock --topics /camera/image,/tf",
    })
public final class ReplayCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Parameters(
      paramLabel = "INPUT",
      description =
          "a ROS 1 bag, MCAP or rosbag2 file (.bag .mcap .db3), a video file, a folder in KITTI"
              + " odometry, TUM RGB-D, 7-Scenes, EuRoC or plain layout (pictures and camera.yaml),"
              + " or kafka:TOPIC with --kafka HOST:PORT")
  @SuppressWarnings("NullAway.Init")
  private Path input;

  @Mixin private RecordingArguments recording = new RecordingArguments();

  @Mixin private PipelineArguments pipeline = new PipelineArguments();

  @Mixin private DeviceArguments device = new DeviceArguments();

  @Mixin private PriorArguments prior = new PriorArguments();

  @Mixin private FlowArguments flow = new FlowArguments();

  @Mixin private ResultArguments results = new ResultArguments();

  @Mixin private PlaybackArguments playback = new PlaybackArguments();

  @Option(
      names = "--publish",
      paramLabel = "WHERE",
      description =
          "nothing is worked out here: kafka sends the frames as their camera did (--kafka"
              + " HOST:PORT), ros all messages of a bag as they were recorded (ROS_MASTER_URI)")
  private @Nullable String publish;

  @Option(
      names = "--camera-name",
      paramLabel = "NAME",
      defaultValue = "camera",
      description = "what the camera is called (default: ${DEFAULT-VALUE})")
  private String cameraName = "camera";

  @Mixin private KafkaArguments kafka = new KafkaArguments();

  @Mixin private KafkaPart part = new KafkaPart();

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

  private PipelineFactory filling() {
    NetworkPlace place = device.networks();
    return given == null
        ? prior.pipelines(device, flow.opener(place))
        : prior.filling(given, place);
  }

  @Override
  public Integer call() {
    playback.check();
    if (!KafkaPart.isTopic(input)) {
      pipeline.findSources(input, recording.options(true));
    }
    PipelineConfig config =
        playback.isPaced() ? PipelineArguments.live(pipeline.config()) : pipeline.config();
    PipelineFactory pipelines = filling();
    RecordingOptions options =
        recording
            .options(config.scale().has(ScaleSource.SENSOR_DEPTH))
            .withSpeed(pipeline.speed())
            .withImu(pipeline.imu())
            .withCamera(new CameraId(cameraName));
    requireUsage(
        publish == null || publish.equals("kafka") || publish.equals("ros"),
        "--publish is ros or kafka, got " + publish);
    requireUsage(
        publish == null || results.isEmpty(), "--publish works nothing out; leave out --out");
    if ("ros".equals(publish)) {
      return playIntoRos();
    }
    PlaybackControl control = playback.control();
    Notices notices = new Notices();
    RestartablePipeline restartable =
        new RestartablePipeline(() -> pipelines.create(config, notices));
    try (FrameSource source = playback.play(() -> open(options), control, restartable::restart)) {
      return publish != null
          ? publish(source)
          : replay(
              source,
              control,
              toldTo -> {
                notices.goTo(toldTo);
                return restartable;
              });
    }
  }

  private int playIntoRos() {
    PrintWriter err = spec.commandLine().getErr();
    RosConfig graph = RosConfig.of(System.getenv(), "parallax_play", List.of());
    PlaybackControl control = playback.realTimeControl();
    try (RosNode node = TcpRosNode.connect(graph, err::println);
        Dashboard dashboard = Dashboard.startIf(webPort, input.toString(), control)) {
      dashboard.announce(err);
      return new RosPlayRun(input, playback, control).run(node, spec.commandLine().getOut());
    } catch (RosException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private FrameSource open(RecordingOptions options) {
    return KafkaPart.isTopic(input)
        ? part.open(input, kafka.config(), options.camera(), options.withSensorDepth())
        : Recordings.open(input, options);
  }

  private int publish(FrameSource source) {
    String stream = "replay-" + UUID.randomUUID();
    ProgressBar bar = ProgressBar.onStandardError("publish", "frames", source.frameCount());
    return new PublishRun(source, bar, spec.commandLine().getOut()).run(kafka.config(), stream);
  }

  private int replay(
      FrameSource source,
      PlaybackControl control,
      Function<Consumer<Notice>, PerceptionPipeline> pipelineFactory) {
    List<OutcomeSink> sinks = new ArrayList<>();
    PrintWriter err = spec.commandLine().getErr();
    try (Dashboard dashboard = Dashboard.startIf(webPort, source.name(), control)) {
      dashboard.addTo(sinks, err);
      sinks.addAll(results.open(source.name(), resolved()));
      ProgressBar bar = ProgressBar.onStandardError("replay", "frames", source.frameCount());
      ConsoleSink console = new ConsoleSink(bar);
      sinks.add(console);
      PipelineRunner runner =
          new PipelineRunner(
              source,
              pipelineFactory,
              sinks,
              playback.isPaced() ? DeliveryMode.LIVE : DeliveryMode.LOSSLESS);
      long startNs = System.nanoTime();
      PipelineRunner.Result result = runControlled(runner, control, bar);
      double elapsedS = (System.nanoTime() - startNs) / 1e9;
      return conclude(runner, result, console, elapsedS);
    }
  }

  /** Keys and signals are heeded as long as it runs. */
  private static PipelineRunner.Result runControlled(
      PipelineRunner runner, PlaybackControl control, ProgressBar bar) {
    try (StopOnInterrupt unused = new StopOnInterrupt(runner, control::release);
        Terminal terminal = Terminal.open();
        PlaybackKeys keys = PlaybackKeys.on(terminal, control, bar::println)) {
      return runner.run();
    }
  }

  /** Prints the summary; the status is OK only if every frame of the input is accounted for. */
  private int conclude(
      PipelineRunner runner, PipelineRunner.Result result, ConsoleSink console, double elapsedS) {
    PrintWriter stdout = spec.commandLine().getOut();
    Ledger.Counts counts = result.counts();
    stdout.print(RunSummary.text(counts, runner.ledger().latencies().values(), elapsedS));
    results.tell(stdout);
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
    prior.describe(config);
    flow.describe(config);
    playback.describe(config);
    return config.lines();
  }

  private void requireUsage(boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  /** The pipeline's notices; who is told of them is known only once the run begins. */
  private static final class Notices implements Consumer<Notice> {
    private volatile Consumer<Notice> told = notice -> {};

    void goTo(Consumer<Notice> listener) {
      told = listener;
    }

    @Override
    public void accept(Notice notice) {
      told.accept(notice);
    }
  }
}
