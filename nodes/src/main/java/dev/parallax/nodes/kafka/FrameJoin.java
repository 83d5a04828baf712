package dev.parallax.nodes.kafka;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.ProtoCalibration;
import dev.parallax.nodes.codec.ProtoResults;
import dev.parallax.nodes.fleet.SeenFrame;
import dev.parallax.perception.geometry.PinholeCamera;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Puts together what lies of a frame on several topics. Not thread-safe. */
final class FrameJoin {
  /** So many frames wait for the rest of them; older ones are given up. */
  private static final int WAITING = 256;

  private final Map<String, Parts> waiting =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Parts> eldest) {
          return size() > WAITING;
        }
      };

  enum Part {
    RESULT,
    DEPTH,
    CAMERA
  }

  private static final class Parts {
    @Nullable ConsumerRecord<String, byte[]> result;
    @Nullable ConsumerRecord<String, byte[]> depth;
    @Nullable ConsumerRecord<String, byte[]> camera;
  }

  /**
   * @param withDepth whether a published frame is whole only with its depth
   * @return a frame that is whole now, or null
   */
  @Nullable SeenFrame add(
      ConsumerRecord<String, byte[]> record, String namespace, Part part, boolean withDepth)
      throws MessageFormatException {
    String key =
        String.join(
            "/",
            namespace,
            String.valueOf(record.key()),
            header(record, FrameHeaders.STREAM),
            header(record, FrameHeaders.SEQUENCE));
    Parts parts = waiting.computeIfAbsent(key, k -> new Parts());
    switch (part) {
      case RESULT -> parts.result = record;
      case DEPTH -> parts.depth = record;
      case CAMERA -> parts.camera = record;
    }
    ConsumerRecord<String, byte[]> line = parts.result;
    if (line == null) {
      return null;
    }
    ProtoResults.Result result = ProtoResults.decode(line.value(), line.topic());
    boolean needsDepth = withDepth && result.published();
    if (needsDepth && (parts.depth == null || parts.camera == null)) {
      return null;
    }
    waiting.remove(key);
    return new SeenFrame(
        namespace,
        header(line, FrameHeaders.STREAM),
        header(line, FrameHeaders.MODEL),
        result,
        needsDepth && parts.depth != null && parts.camera != null
            ? depth(parts.depth, parts.camera)
            : null);
  }

  private static SeenFrame.@Nullable Depth depth(
      ConsumerRecord<String, byte[]> depth, ConsumerRecord<String, byte[]> camera)
      throws MessageFormatException {
    if (!(ProtoCalibration.decode(camera.value(), camera.topic()) instanceof PinholeCamera c)) {
      return null; // depth lies on a rectified grid; another version's might not
    }
    ProtoResults.DepthField field = ProtoResults.depthOnly(depth.value(), depth.topic());
    if (field.width() != c.width() || field.height() != c.height()) {
      throw new MessageFormatException(
          "topic %s: depth is %dx%d but its camera is %dx%d"
              .formatted(depth.topic(), field.width(), field.height(), c.width(), c.height()));
    }
    return new SeenFrame.Depth(c, field.depthM());
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    String value = FrameHeaders.text(record.headers(), name);
    return value == null ? "" : value;
  }
}
