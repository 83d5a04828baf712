package dev.parallax.nodes.cli;

import dev.parallax.nodes.kafka.KafkaConfig;
import dev.parallax.nodes.runtime.DeliveryMode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a user may say about Kafka; shared by the commands that take frames from it or send any. */
final class KafkaArguments {
  private static final double MIN_SESSION_TIMEOUT_S = 1;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec command;

  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT",
      description = "the broker, or several with commas; a desk without one: parallax kafka")
  private @Nullable String bootstrapServers;

  @Option(
      names = "--kafka-image",
      paramLabel = "TOPIC",
      defaultValue = KafkaConfig.DEFAULT_IMAGE_TOPIC,
      description = "topic of the frames, keyed by camera (default: ${DEFAULT-VALUE})")
  private String imageTopic = KafkaConfig.DEFAULT_IMAGE_TOPIC;

  @Option(
      names = "--kafka-namespace",
      paramLabel = "NAME",
      defaultValue = KafkaConfig.DEFAULT_NAMESPACE,
      description = "before the names of the result topics (default: ${DEFAULT-VALUE})")
  private String namespace = KafkaConfig.DEFAULT_NAMESPACE;

  @Option(
      names = "--kafka-group",
      paramLabel = "NAME",
      description = "nodes of one group share the cameras (default: the namespace)")
  private @Nullable String group;

  @Option(
      names = "--kafka-node",
      paramLabel = "NAME",
      description = "this node's name, unique in its group (default: made up)")
  private @Nullable String node;

  @Option(
      names = "--kafka-mode",
      paramLabel = "live|every-frame",
      defaultValue = "live",
      description =
          "live: the newest frame first, what it overtakes is counted and published as late;"
              + " every-frame: lossless, the broker waits (default: ${DEFAULT-VALUE})")
  private String mode = "live";

  @Option(
      names = "--kafka-session-timeout",
      paramLabel = "S",
      defaultValue = "10",
      description =
          "after so many seconds without a sign of life another node takes over (default:"
              + " ${DEFAULT-VALUE})")
  private double sessionTimeoutS;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description = "client properties: security.protocol, sasl.*, ssl.*, tuning; never logged")
  private @Nullable Path propertiesFile;

  @Option(
      names = "--max-picture",
      paramLabel = "WxH",
      defaultValue = "1920x1080",
      description = "largest picture that topics are checked for (default: ${DEFAULT-VALUE})")
  private String maxPicture = "1920x1080";

  boolean isGiven() {
    return bootstrapServers != null;
  }

  /**
   * @throws ParameterException if a value cannot be used, naming the option
   */
  KafkaConfig config() {
    require(bootstrapServers != null, "--kafka HOST:PORT is missing; a desk: parallax kafka");
    require(
        sessionTimeoutS >= MIN_SESSION_TIMEOUT_S && sessionTimeoutS <= 300,
        "--kafka-session-timeout is 1 to 300 seconds, got " + sessionTimeoutS);
    return new KafkaConfig(
        String.valueOf(bootstrapServers),
        imageTopic,
        namespace,
        group == null ? namespace : group,
        node == null ? "node-" + UUID.randomUUID().toString().substring(0, 8) : node,
        deliveryMode(),
        Duration.ofMillis(Math.round(sessionTimeoutS * 1000)),
        maxPicturePixels(),
        properties());
  }

  private DeliveryMode deliveryMode() {
    return switch (mode) {
      case "live" -> DeliveryMode.LIVE;
      case "every-frame" -> DeliveryMode.LOSSLESS;
      default -> throw usage("--kafka-mode is live or every-frame, got " + mode);
    };
  }

  private long maxPicturePixels() {
    String[] edges = maxPicture.split("x", -1);
    try {
      if (edges.length == 2 && Long.parseLong(edges[0]) > 0 && Long.parseLong(edges[1]) > 0) {
        return Math.multiplyExact(Long.parseLong(edges[0]), Long.parseLong(edges[1]));
      }
    } catch (NumberFormatException | ArithmeticException e) {
      // told below
    }
    throw usage("--max-picture is WxH in pixels, such as 1920x1080, got " + maxPicture);
  }

  private Map<String, String> properties() {
    try {
      return propertiesFile == null ? Map.of() : PropertiesFile.read(propertiesFile);
    } catch (IOException e) {
      throw usage("--kafka-config %s: cannot be read (%s)".formatted(propertiesFile, e));
    }
  }

  private void require(boolean holds, String message) {
    if (!holds) {
      throw usage(message);
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
