package dev.parallax.nodes.kafka;

import dev.parallax.nodes.codec.EncodedPicture;
import dev.parallax.nodes.codec.ProtoCalibration;
import dev.parallax.nodes.codec.ProtoPictures;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Timestamp;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Sends frames as a camera does: JPEG and PNG as they are, raw pictures under lz4, each calibration
 * once before its first frame. One thread.
 */
public final class FramePublisher implements AutoCloseable {
  private static final long NANOS_PER_MS = 1_000_000;

  private final KafkaConfig config;
  private final KafkaClients clients;
  private final String imageTopic;
  private final String stream;
  private final int maxMessageBytes;
  private final ProtoPictures pictures = new ProtoPictures();
  private final Producer<String, byte[]> asItIs;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private final Set<String> calibrationsSent = new HashSet<>();
  private @Nullable Producer<String, byte[]> lz4;
  private int maxDepthBytes = -1;
  private int largestBytes;

  /**
   * @param stream names this run; another run begins another session at the nodes
   * @throws KafkaTrouble if the broker does not answer
   */
  public FramePublisher(KafkaConfig config, String stream, int partitionsIfNew) {
    this.config = config;
    clients = new KafkaClients(config);
    imageTopic = config.imageTopic();
    this.stream = stream;
    try (TopicSetup setup = new TopicSetup(clients, config)) {
      setup.ensureInput(imageTopic, partitionsIfNew);
      maxMessageBytes = setup.limit(imageTopic);
    }
    asItIs = clients.publisher("none");
  }

  /**
   * Sends one frame; returns once it is handed to the client, which keeps the order.
   *
   * @throws KafkaTrouble if this or an earlier frame could not be sent, or it is too large
   */
  public void publish(SourceItem.Frame item) {
    CameraFrame frame = item.frame();
    String camera = frame.id().camera().name();
    String calibration = ProtoCalibration.hash(frame.calibration().model());
    if (calibrationsSent.add(camera + "/" + calibration)) {
      sendCalibration(frame, camera, calibration);
    }
    EncodedPicture encoded = item.encoded();
    boolean compressed =
        encoded != null && ProtoPictures.isCompressed(ProtoPictures.encodingOf(encoded));
    byte[] value;
    String encoding;
    if (encoded != null && compressed) {
      value = pictures.encode(encoded, frame.stamp(), camera);
      encoding = ProtoPictures.encodingOf(encoded);
    } else {
      value = pictures.encode(frame.picture(), frame.stamp(), camera);
      encoding = ProtoPictures.encodingOf(frame.picture());
    }
    FrameHeaders headers =
        FrameHeaders.of(
            frame.id().sequence(), stream, camera, encoding, calibration, sendDepth(frame, camera));
    send(
        compressed ? asItIs : lz4(),
        new ProducerRecord<>(
            imageTopic, null, timestampMs(frame.stamp()), camera, value, headers.forFrame()));
  }

  /** The depth of the camera's own sensor has to be there before the frame that names its place. */
  private SensorDepths.@Nullable Place sendDepth(CameraFrame frame, String camera) {
    DepthMap depth = frame.sensorDepth();
    if (depth == null) {
      return null;
    }
    String topic = Topics.sensorDepth(imageTopic);
    if (maxDepthBytes < 0) {
      try (TopicSetup setup = new TopicSetup(clients, config)) {
        setup.ensureSensorDepth(imageTopic);
        maxDepthBytes = setup.limit(topic);
      }
    }
    byte[] value = pictures.encode(depth, frame.stamp(), camera);
    requireRoom(topic, maxDepthBytes, value.length);
    try {
      RecordMetadata sent =
          lz4()
              .send(new ProducerRecord<>(topic, null, timestampMs(frame.stamp()), camera, value))
              .get();
      return new SensorDepths.Place(sent.partition(), sent.offset());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaTrouble("Stopped while sending the depth of " + camera, e);
    } catch (ExecutionException e) {
      throw new KafkaTrouble(
          "Topic %s: a depth could not be sent (%s); is the broker up, and has its disk room?"
              .formatted(topic, e.getMessage()),
          e);
    }
  }

  private static void requireRoom(String topic, int maxBytes, int bytes) {
    if (bytes > maxBytes) {
      throw tooLarge(topic, maxBytes, bytes, null);
    }
  }

  private static KafkaTrouble tooLarge(
      String topic, int maxBytes, int bytes, @Nullable Exception cause) {
    return new KafkaTrouble(
        ("Topic %s takes messages of at most %d bytes with their headers, but a frame has %d without;"
                + " raise it: kafka-configs --alter --entity-type topics --entity-name %s"
                + " --add-config max.message.bytes=%d")
            .formatted(topic, maxBytes, bytes, topic, 2 * Math.max(bytes, maxBytes)),
        cause);
  }

  /** Sends bytes as they are: what tests of bad input want. */
  void publishRaw(@Nullable String key, byte[] value, RecordHeaders headers, long timestampMs) {
    send(asItIs, new ProducerRecord<>(imageTopic, null, timestampMs, key, value, headers));
  }

  /** Waits until all that was published has arrived. */
  public void flush() {
    asItIs.flush();
    if (lz4 != null) {
      lz4.flush();
    }
    throwFailure();
  }

  static long timestampMs(Timestamp stamp) {
    return Math.max(0, Math.floorDiv(stamp.nanos(), NANOS_PER_MS));
  }

  private void sendCalibration(CameraFrame frame, String camera, String hash) {
    byte[] value = ProtoCalibration.encode(frame.calibration().model(), frame.stamp(), camera);
    RecordHeaders headers = new RecordHeaders();
    FrameHeaders.put(headers, CalibrationTable.ORIGIN, frame.calibration().origin().name());
    try {
      asItIs
          .send(
              new ProducerRecord<>(
                  Topics.cameraInfo(imageTopic),
                  0,
                  timestampMs(frame.stamp()),
                  hash,
                  value,
                  headers))
          .get(); // it must be there before the first frame that names it
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaTrouble("Stopped while sending the calibration of " + camera, e);
    } catch (ExecutionException e) {
      throw new KafkaTrouble(
          "Topic %s: cannot send the calibration (%s)"
              .formatted(Topics.cameraInfo(imageTopic), e.getMessage()),
          e);
    }
  }

  private void send(Producer<String, byte[]> producer, ProducerRecord<String, byte[]> frame) {
    throwFailure();
    requireRoom(imageTopic, maxMessageBytes, frame.value().length);
    largestBytes = Math.max(largestBytes, frame.value().length);
    producer.send(
        frame,
        (sent, e) -> {
          if (e != null) {
            failure.compareAndSet(null, e);
          }
        });
  }

  private Producer<String, byte[]> lz4() {
    if (lz4 == null) {
      lz4 = clients.publisher("lz4");
    }
    return lz4;
  }

  private void throwFailure() {
    Exception e = failure.get();
    if (e instanceof RecordTooLargeException) {
      throw tooLarge(imageTopic, maxMessageBytes, largestBytes, e);
    }
    if (e != null) {
      throw new KafkaTrouble(
          "Topic %s: a frame could not be sent (%s); is the broker up, and has its disk room?"
              .formatted(imageTopic, e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    asItIs.close(Duration.ofSeconds(5));
    if (lz4 != null) {
      lz4.close(Duration.ofSeconds(5));
    }
  }
}
