package dev.parallax.nodes.kafka;

import dev.parallax.nodes.kafka.broker.BrokerConfig;
import dev.parallax.nodes.kafka.broker.LocalBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One real broker for all tests of a JVM, started by the first that asks for a {@link Desk} and
 * ended with the last.
 */
public final class BrokerExtension implements ParameterResolver {

  /** A broker, and names on it that nobody else uses. */
  public static final class Desk implements AutoCloseable {
    private final Path folder;
    private final LocalBroker broker;

    Desk() throws IOException, InterruptedException {
      folder = Files.createTempDirectory("parallax-broker");
      broker = LocalBroker.start(BrokerConfig.at(folder, LocalBroker.freePort()));
    }

    public String address() {
      return broker.address();
    }

    /** A node of a group, a namespace and an image topic of its own. */
    public KafkaConfig fresh(String node) {
      String name = "test-" + UUID.randomUUID().toString().substring(0, 8);
      return KafkaConfig.of(address(), node)
          .withNamespace(name)
          .withImageTopic(name + "-camera.image")
          .withSessionTimeout(java.time.Duration.ofSeconds(3));
    }

    @Override
    public void close() throws IOException {
      broker.close();
      List<Path> all;
      try (Stream<Path> files = Files.walk(folder)) {
        all = files.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path path : all) {
        Files.deleteIfExists(path);
      }
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Desk.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .getOrComputeIfAbsent(
            Desk.class,
            type -> {
              try {
                return new Desk();
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException("No broker for the tests: " + e.getMessage(), e);
              }
            },
            Desk.class);
  }
}
