package dev.parallax.nodes.cli;

import dev.parallax.nodes.kafka.KafkaConfig;
import dev.parallax.nodes.kafka.KafkaFrameSource;
import dev.parallax.nodes.kafka.StreamPlace;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.perception.frame.CameraId;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A topic as the input of a replay, and which part of it. */
final class KafkaPart {
  private static final String PREFIX = "kafka:";

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec command;

  @Option(
      names = "--from",
      paramLabel = "PLACE",
      description = "begin in a topic at @OFFSET or at a capture time (seconds, or ...Z)")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "PLACE", description = "end in a topic before this place")
  private @Nullable String to;

  /** Whether this input is {@code kafka:TOPIC} rather than a file. */
  static boolean isTopic(Path input) {
    return input.toString().startsWith(PREFIX);
  }

  FrameSource open(Path input, KafkaConfig config, CameraId camera, boolean withSensorDepth) {
    return KafkaFrameSource.open(
        config.withImageTopic(input.toString().substring(PREFIX.length())),
        camera,
        place("--from", from),
        place("--to", to),
        withSensorDepth);
  }

  private @Nullable StreamPlace place(String option, @Nullable String text) {
    try {
      return text == null ? null : StreamPlace.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), option + ": " + e.getMessage(), e);
    }
  }
}
