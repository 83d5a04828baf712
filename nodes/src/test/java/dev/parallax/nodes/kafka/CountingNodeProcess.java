package dev.parallax.nodes.kafka;

import dev.parallax.perception.pipeline.PipelineConfig;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A node with a {@link CountingPipeline} in a JVM of its own, so that it can be stopped as a whole
 * for a while. As a program: HOST:PORT, image topic, namespace, name of the node, session timeout.
 */
final class CountingNodeProcess implements AutoCloseable {
  private static final long WORK_MS = 20;

  private final Process process;

  CountingNodeProcess(KafkaConfig config, Path log) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            CountingNodeProcess.class.getName(),
            config.bootstrapServers(),
            config.imageTopic(),
            config.namespace(),
            config.node(),
            config.sessionTimeout().toString());
    File file = log.toFile();
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(file))
            .start();
  }

  /** Every thread of it stands still until {@link #goOn}. */
  void stand() throws IOException, InterruptedException {
    signal("STOP");
  }

  void goOn() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }

  public static void main(String[] args) {
    KafkaConfig config =
        KafkaConfig.of(args[0], args[3])
            .withNamespace(args[2])
            .withImageTopic(args[1])
            .withSessionTimeout(Duration.parse(args[4]));
    try (RunningNode node =
        new RunningNode(
            config,
            (c, notices) -> new CountingPipeline(WORK_MS),
            PipelineConfig.defaults(),
            System.out::println)) {
      Thread hook =
          new Thread(
              () -> {
                node.node().stop();
                try {
                  boolean unused = node.node().awaitEnd(Duration.ofSeconds(5));
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      Runtime.getRuntime().addShutdownHook(hook);
      boolean unused = node.node().awaitEnd(Duration.ofMinutes(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
