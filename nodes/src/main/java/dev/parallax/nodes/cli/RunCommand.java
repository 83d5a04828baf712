package dev.parallax.nodes.cli;

import dev.parallax.nodes.kafka.KafkaConfig;
import dev.parallax.nodes.kafka.KafkaNode;
import dev.parallax.nodes.runtime.OutcomeSink;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PipelineConfig;
import java.io.PrintWriter;
import java.util.ArrayList;
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
      "A live node: frames from Kafka in, results to Kafka out, until Ctrl-C.",
      "Each frame has exactly one committed result, whatever happens to the node.",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  parallax run --kafka 127.0.0.1:9092",
      "  parallax run --kafka 127.0.0.1:9092 --kafka-mode every-frame --web",
      "  parallax run --kafka broker:9093 --kafka-config tls.properties",
    })
public final class RunCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Mixin private KafkaArguments kafka = new KafkaArguments();

  @Mixin private PipelineArguments pipeline = new PipelineArguments();

  @Mixin private DeviceArguments device = new DeviceArguments();

  @Option(
      names = "--web",
      paramLabel = "PORT",
      arity = "0..1",
      fallbackValue = "-1",
      description = "show it on a web page, on loopback (default port: 8080 or the next free)")
  private @Nullable Integer webPort;

  @Override
  public Integer call() {
    KafkaConfig config = kafka.config();
    PipelineConfig pipelineConfig = pipeline.config();
    List<OutcomeSink> watchers = new ArrayList<>();
    PrintWriter err = spec.commandLine().getErr();
    try (Dashboard dashboard = Dashboard.startIf(webPort, config.imageTopic())) {
      dashboard.addTo(watchers, err);
      KafkaNode node =
          new KafkaNode(config, device.factory(), pipelineConfig, watchers, n -> tell(err, n));
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
