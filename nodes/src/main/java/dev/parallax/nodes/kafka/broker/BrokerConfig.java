package dev.parallax.nodes.kafka.broker;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A broker for one desk.
 *
 * @param dataDir where topics are kept; made if it is not there
 * @param port on loopback
 * @param heapMb memory of the broker's JVM, MiB
 * @param settings the broker's own, over those made here: more listeners, limits. May hold secrets
 */
public record BrokerConfig(Path dataDir, int port, int heapMb, Map<String, String> settings) {
  private static final int DEFAULT_HEAP_MB = 512;

  public BrokerConfig {
    settings = Map.copyOf(settings);
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("A port is 1 to 65535, got " + port);
    }
    if (heapMb < 128) {
      throw new IllegalArgumentException("A broker needs at least 128 MiB, got " + heapMb);
    }
  }

  public static BrokerConfig at(Path dataDir, int port) {
    return new BrokerConfig(dataDir, port, DEFAULT_HEAP_MB, Map.of());
  }

  public BrokerConfig withSettings(Map<String, String> more) {
    return new BrokerConfig(dataDir, port, heapMb, more);
  }

  /** Names of the settings only: their values may be secrets. */
  @Override
  public String toString() {
    return "BrokerConfig[%s, port %d, %d MiB, settings %s]"
        .formatted(dataDir, port, heapMb, settings.keySet());
  }

  /**
   * The broker's own settings. One node is broker and controller at once (KRaft), so that every
   * replication factor is one.
   *
   * @param controllerPort on loopback, for the broker to talk to itself
   */
  String properties(int controllerPort) {
    return """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%2$d
        listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
        advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
        listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
        controller.listener.names=CONTROLLER
        log.dirs=%3$s
        auto.create.topics.enable=false
        offsets.topic.replication.factor=1
        offsets.topic.num.partitions=8
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        transaction.state.log.num.partitions=8
        share.coordinator.state.topic.replication.factor=1
        share.coordinator.state.topic.min.isr=1
        # A lone node waits for nobody to join it.
        group.initial.rebalance.delay.ms=0
        group.min.session.timeout.ms=1000
        # What a killed node left open is given up soon after its transaction.timeout.ms.
        transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
        # A 4K picture's scene flow fits.
        message.max.bytes=33554432
        # Stamps of recordings may be of any year.
        log.message.timestamp.after.max.ms=9223372036854775807
        log.retention.ms=-1
        """
            .formatted(port, controllerPort, dataDir.toAbsolutePath().resolve("log"))
        + given();
  }

  /** Of two lines for a setting the later one holds. */
  private String given() {
    return new TreeMap<>(settings)
        .entrySet().stream()
            .map(e -> "%s=%s%n".formatted(e.getKey(), e.getValue().replace("\\", "\\\\")))
            .collect(Collectors.joining());
  }
}
