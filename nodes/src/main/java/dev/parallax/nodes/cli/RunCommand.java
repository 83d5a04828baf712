package dev.parallax.nodes.cli;

import dev.parallax.nodes.codec.CalibrationFormatException;
import dev.parallax.nodes.config.CameraSettings;
import dev.parallax.nodes.config.NodeConfig;
import dev.parallax.nodes.kafka.KafkaConfig;
import dev.parallax.nodes.kafka.KafkaNode;
import dev.parallax.nodes.kafka.KafkaResultSink;
import dev.parallax.nodes.ros.RosClient;
import dev.parallax.nodes.ros.RosException;
import dev.parallax.nodes.ros.camera.RosCamera;
import dev.parallax.nodes.runtime.OutcomeSink;
import dev.parallax.nodes.runtime.PipelineFactory;
import dev.parallax.nodes.web.DashboardSink;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PipelineConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code run}: a live node. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "A live node, until Ctrl-C: frames from ROS 1 or Kafka in, results to where they came from.",
      "ROS: the newest picture wins, late ones are dropped and counted. Flags overrule the node's"
          + " parameters (~image, ~camera_height, ...), which overrule --config.",
      "Kafka: each frame has exactly one committed result, whatever happens to the node.",
      "Both: pictures from ROS; results to ROS and, under --kafka-namespace, to Kafka.",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  parallax run --ros --image /camera/image_raw",
      "  parallax run --ros --image /camera/image_raw/compressed --camera-height 1.2",
      "  parallax run --ros --config robot.yaml __ns:=/robot1",
      "  parallax run --ros --image /camera/image_raw --kafka 127.0.0.1:9092",
      "  parallax run --kafka 127.0.0.1:9092",
      "  parallax run --kafka 127.0.0.1:9092 --kafka-mode every-frame --web",
      "  parallax run --kafka broker:9093 --kafka-config tls.properties",
    })
public final class RunCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Option(names = "--ros", description = "pictures and results over ROS 1 (ROS_MASTER_URI)")
  private boolean ros;

  @Option(names = "--config", paramLabel = "FILE", description = "robot.yaml, for --ros")
  private @Nullable Path configFile;

  @Mixin private RosArguments rosCamera = new RosArguments();

  @Mixin private KafkaArguments kafka = new KafkaArguments();

  @Mixin private PipelineArguments pipeline = new PipelineArguments();

  @Mixin private PriorArguments prior = new PriorArguments();

  @Mixin private FlowArguments flow = new FlowArguments();

  @Mixin private DeviceArguments device = new DeviceArguments();

  @Option(
      names = "--web",
      paramLabel = "PORT",
      arity = "0..1",
      fallbackValue = "-1",
      description =
          "show it on a web page, on loopback (default port: 8080 or the next free); with --ros"
              + " there is one unless PORT is 0")
  private @Nullable Integer webPort;

  @Override
  public Integer call() {
    return ros ? runRos() : runKafka();
  }

  private int runRos() {
    NodeConfig file = config();
    NodeConfig resolved = webPort == null ? file : new NodeConfig(file.cameras(), webPort);
    CameraSettings flags = pipeline.settings().over(rosCamera.settings());
    return new RosRun(
            rosClient(),
            resolved,
            flags,
            rosCamera.rosArguments(),
            filling(),
            this::kafkaToo,
            spec.commandLine())
        .call();
  }

  /** Results go to Kafka as well where a broker is named. */
  private List<OutcomeSink> kafkaToo(RosCamera camera, PipelineConfig config) {
    PrintWriter err = spec.commandLine().getErr();
    return kafka.isGiven()
        ? List.of(
            new KafkaResultSink(
                kafka.config(), camera.name(), config, camera::frameId, n -> tell(err, n)))
        : List.of();
  }

  private RosClient rosClient() {
    try {
      return rosCamera.client();
    } catch (RosException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private NodeConfig config() {
    if (configFile == null) {
      return NodeConfig.defaults();
    }
    try {
      return NodeConfig.read(configFile);
    } catch (CalibrationFormatException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private PipelineFactory filling() {
    return prior.pipelines(device, flow.opener(device.networks()));
  }

  private int runKafka() {
    KafkaConfig config = kafka.config();
    PipelineConfig pipelineConfig = PipelineArguments.live(pipeline.config());
    DashboardSink page = new DashboardSink(config.imageTopic(), System::nanoTime);
    PrintWriter err = spec.commandLine().getErr();
    KafkaNode node =
        new KafkaNode(
            config,
            filling(),
            pipelineConfig,
            prior.label(),
            webPort == null ? List.of() : List.of(page),
            n -> tell(err, n));
    try (Dashboard dashboard = Dashboard.startIf(webPort, page, null, List.of(node))) {
      dashboard.announce(err);
      err.println("run: " + config);
      err.flush();
      return new KafkaRun(node, spec.commandLine().getOut()).run();
    }
  }

  private static void tell(PrintWriter err, Notice notice) {
    err.println(
        (notice.severity() == Notice.Severity.WARNING ? "warning: " : "") + notice.message());
    err.flush();
  }
}
