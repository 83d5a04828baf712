package dev.parallax.nodes.kafka;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The real {@code parallax run} in a JVM of its own, so that it can be killed. */
final class NodeProcess {
  private final Process process;

  NodeProcess(KafkaConfig config, String name, Path log, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx700m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.parallax.nodes.cli.ParallaxCommand",
                "run",
                "--kafka",
                config.bootstrapServers(),
                "--kafka-image",
                config.imageTopic(),
                "--kafka-namespace",
                config.namespace(),
                "--kafka-node",
                name,
                "--kafka-mode",
                "every-frame",
                "--kafka-session-timeout",
                Double.toString(config.sessionTimeout().toMillis() / 1e3),
                "--device",
                "cpu"));
    command.addAll(Arrays.asList(more));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    builder.environment().put("OPENBLAS_NUM_THREADS", "1");
    File file = log.toFile();
    process = builder.redirectOutput(ProcessBuilder.Redirect.appendTo(file)).start();
  }

  /** As {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** As {@code kill} does; answers the exit status. */
  int stop() throws InterruptedException {
    process.destroy();
    return process.waitFor();
  }
}
