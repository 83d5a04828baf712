package dev.parallax.nodes.cli;

import dev.parallax.nodes.fleet.FleetBoard;
import dev.parallax.nodes.fleet.FleetConfig;
import dev.parallax.nodes.kafka.FleetReader;
import dev.parallax.nodes.kafka.KafkaConfig;
import dev.parallax.nodes.web.DashboardConfig;
import dev.parallax.nodes.web.DashboardException;
import dev.parallax.nodes.web.FleetServer;
import java.io.PrintWriter;
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

/** {@code dashboard}: one page for many nodes. */
@Command(
    name = "dashboard",
    mixinStandardHelpOptions = true,
    description = {
      "One page for the results of many nodes, read from Kafka, until Ctrl-C: a card a camera, and",
      "how a shadow (a second group of nodes with another model or configuration on the same frames)",
      "differs from the first: path, depth, steadiness of depth, time. Also /metrics and /health.",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  parallax dashboard --kafka 127.0.0.1:9092",
      "  parallax dashboard --kafka broker:9092 --kafka-namespace depot1 --also depot2",
      "  parallax run --kafka broker:9092 --kafka-namespace trial --camera-height 1.2    the shadow",
      "  parallax dashboard --kafka broker:9092 --shadow trial",
    })
public final class DashboardCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Mixin private KafkaArguments kafka = new KafkaArguments();

  @Option(
      names = "--also",
      paramLabel = "NAME",
      description = "namespace of further nodes to show; may be given many times")
  private List<String> also = new ArrayList<>();

  @Option(
      names = "--shadow",
      paramLabel = "NAME",
      description = "namespace of the nodes to hold against those of --kafka-namespace")
  private @Nullable String shadow;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "where the page is, on loopback (default: 8080 or the next free; 0: any free)")
  private @Nullable Integer port;

  @Override
  public Integer call() {
    KafkaConfig config = kafka.config();
    FleetConfig fleet = fleet(config);
    FleetBoard board = new FleetBoard(fleet, System::nanoTime);
    FleetReader reader = new FleetReader(config, fleet, board);
    PrintWriter out = spec.commandLine().getOut();
    try (FleetServer server = start(board)) {
      Thread stop = new Thread(reader::stop, "stop");
      Runtime.getRuntime().addShutdownHook(stop);
      out.println("dashboard: " + server.address());
      out.println("dashboard: results of %s at %s".formatted(fleet.all(), fleet.broker()));
      out.flush();
      reader.run();
    }
    return ExitStatus.OK;
  }

  private FleetConfig fleet(KafkaConfig config) {
    List<String> namespaces = new ArrayList<>(List.of(config.namespace()));
    namespaces.addAll(also);
    try {
      return new FleetConfig(config.bootstrapServers(), namespaces, shadow);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private FleetServer start(FleetBoard board) {
    try {
      return FleetServer.start(
          port == null ? DashboardConfig.defaults() : DashboardConfig.fixed(port), board);
    } catch (DashboardException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }
}
