package dev.parallax.nodes.kafka.broker;

import dev.parallax.nodes.kafka.KafkaTrouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The broker's libraries, which are on a classpath of their own and not on ours. */
final class BrokerClasspath {
  /** Names the file that the build wrote the classpath to. */
  private static final String PROPERTY = "parallax.broker.classpath";

  private BrokerClasspath() {}

  static String read() {
    String file = System.getProperty(PROPERTY);
    if (file == null) {
      throw new KafkaTrouble(
          "The broker's libraries are not known; start it with launch/parallax kafka, or name the"
              + " file with their classpath in -D"
              + PROPERTY);
    }
    try {
      return Files.readString(Path.of(file)).trim();
    } catch (IOException e) {
      throw new KafkaTrouble(
          "%s: cannot read the broker's classpath (%s); build with mvn process-classes"
              .formatted(file, e),
          e);
    }
  }
}
