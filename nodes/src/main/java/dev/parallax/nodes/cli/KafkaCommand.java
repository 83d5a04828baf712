package dev.parallax.nodes.cli;

import dev.parallax.nodes.kafka.broker.BrokerConfig;
import dev.parallax.nodes.kafka.broker.LocalBroker;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kafka}: a real broker for a desk that has none. */
@Command(
    name = "kafka",
    mixinStandardHelpOptions = true,
    description = {
      "Starts a real Kafka broker: one KRaft node on loopback, until Ctrl-C.",
      "For a desk without one. A fleet wants a cluster of its own: any Kafka will do.",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  parallax kafka                        on 127.0.0.1:9092, topics kept between starts",
      "  parallax kafka --port 19092 --data /tmp/kafka",
    })
public final class KafkaCommand implements Callable<Integer> {
  private static final int KAFKA_PORT = 9092;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "" + KAFKA_PORT,
      description = "where to listen, on loopback; 0 takes a free one (default: ${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "where topics are kept (default: ~/.local/share/parallax/kafka)")
  private @Nullable Path data;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "the broker's own settings, over those made here: listeners, TLS, SASL, limits")
  private @Nullable Path settings;

  @Option(
      names = "--memory",
      paramLabel = "MIB",
      defaultValue = "512",
      description = "memory of the broker's JVM (default: ${DEFAULT-VALUE})")
  private int heapMb;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    BrokerConfig config = config();
    try (LocalBroker broker = LocalBroker.start(config)) {
      Thread hook = new Thread(broker::close, "stop-broker");
      Runtime.getRuntime().addShutdownHook(hook);
      out.printf("kafka: listening on %s, topics in %s%n", broker.address(), config.dataDir());
      out.printf("kafka: next: parallax run --kafka %s%n", broker.address());
      out.flush();
      int status = broker.awaitExit();
      if (hook.isAlive()) {
        return ExitStatus.OK; // asked to stop
      }
      Runtime.getRuntime().removeShutdownHook(hook);
      throw new CommandFailure(
          "The broker ended by itself with status %d; its log is %s"
              .formatted(status, broker.log()));
    }
  }

  private BrokerConfig config() {
    Path folder =
        data != null
            ? data
            : Path.of(System.getProperty("user.home"), ".local", "share", "parallax", "kafka");
    try {
      return new BrokerConfig(
          folder.toAbsolutePath().normalize(),
          port == 0 ? LocalBroker.freePort() : port,
          heapMb,
          settings());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private Map<String, String> settings() {
    try {
      return settings == null ? Map.of() : PropertiesFile.read(settings);
    } catch (IOException e) {
      throw new ParameterException(
          spec.commandLine(), "--config %s: cannot be read (%s)".formatted(settings, e), e);
    }
  }
}
