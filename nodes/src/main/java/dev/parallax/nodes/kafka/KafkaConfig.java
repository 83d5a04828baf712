package dev.parallax.nodes.kafka;

import dev.parallax.nodes.runtime.DeliveryMode;
import java.time.Duration;
import java.util.Map;

/**
 * How a node takes part in Kafka.
 *
 * @param bootstrapServers HOST:PORT of one broker or several, with commas
 * @param imageTopic where frames come from
 * @param namespace before the names of all result topics
 * @param group nodes of one group share the cameras among them
 * @param node this node's name, unique within the group; a node that is started again under the
 *     same name ends what its forerunner left open
 * @param mode LOSSLESS waits for every frame, LIVE takes the newest and counts what it overtakes
 * @param sessionTimeout after this without a sign of life a node's cameras go to another
 * @param maxPicturePixels largest picture to be ready for: sizes of messages are checked for it
 * @param clientProperties passed on to every Kafka client: security, tuning. May hold secrets
 */
public record KafkaConfig(
    String bootstrapServers,
    String imageTopic,
    String namespace,
    String group,
    String node,
    DeliveryMode mode,
    Duration sessionTimeout,
    long maxPicturePixels,
    Map<String, String> clientProperties) {
  public static final String DEFAULT_IMAGE_TOPIC = "camera.image";
  public static final String DEFAULT_NAMESPACE = "parallax";
  public static final Duration DEFAULT_SESSION_TIMEOUT = Duration.ofSeconds(10);
  public static final long DEFAULT_MAX_PICTURE_PIXELS = 1920L * 1080;

  public KafkaConfig {
    clientProperties = Map.copyOf(clientProperties);
    if (bootstrapServers.isBlank() || node.isBlank() || group.isBlank()) {
      throw new IllegalArgumentException("Broker, group and node need a name");
    }
  }

  /** A lossless node with everything else as usual. */
  public static KafkaConfig of(String bootstrapServers, String node) {
    return new KafkaConfig(
        bootstrapServers,
        DEFAULT_IMAGE_TOPIC,
        DEFAULT_NAMESPACE,
        DEFAULT_NAMESPACE,
        node,
        DeliveryMode.LOSSLESS,
        DEFAULT_SESSION_TIMEOUT,
        DEFAULT_MAX_PICTURE_PIXELS,
        Map.of());
  }

  public KafkaConfig withImageTopic(String topic) {
    return new KafkaConfig(
        bootstrapServers,
        topic,
        namespace,
        group,
        node,
        mode,
        sessionTimeout,
        maxPicturePixels,
        clientProperties);
  }

  /** Results under another name, worked on by another group. */
  public KafkaConfig withNamespace(String newNamespace) {
    return new KafkaConfig(
        bootstrapServers,
        imageTopic,
        newNamespace,
        newNamespace,
        node,
        mode,
        sessionTimeout,
        maxPicturePixels,
        clientProperties);
  }

  public KafkaConfig withNode(String newNode) {
    return new KafkaConfig(
        bootstrapServers,
        imageTopic,
        namespace,
        group,
        newNode,
        mode,
        sessionTimeout,
        maxPicturePixels,
        clientProperties);
  }

  public KafkaConfig withMode(DeliveryMode newMode) {
    return new KafkaConfig(
        bootstrapServers,
        imageTopic,
        namespace,
        group,
        node,
        newMode,
        sessionTimeout,
        maxPicturePixels,
        clientProperties);
  }

  public KafkaConfig withSessionTimeout(Duration newTimeout) {
    return new KafkaConfig(
        bootstrapServers,
        imageTopic,
        namespace,
        group,
        node,
        mode,
        newTimeout,
        maxPicturePixels,
        clientProperties);
  }

  public KafkaConfig withClientProperties(Map<String, String> properties) {
    return new KafkaConfig(
        bootstrapServers,
        imageTopic,
        namespace,
        group,
        node,
        mode,
        sessionTimeout,
        maxPicturePixels,
        properties);
  }

  /** Names of the client properties only: their values may be secrets. */
  @Override
  public String toString() {
    return "KafkaConfig[%s, images %s, results %s.*, group %s, node %s, %s, session %s, properties %s]"
        .formatted(
            bootstrapServers,
            imageTopic,
            namespace,
            group,
            node,
            mode,
            sessionTimeout,
            clientProperties.keySet());
  }
}
