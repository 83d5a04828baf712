package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosDepth;
import dev.parallax.nodes.codec.RosPictures;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.nodes.source.bag.BagSummary;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A topic of a bag that carries pictures or depth.
 *
 * @param encoding of its first message: the encoding, or the format string of a compressed one
 * @param kind what that means to us
 */
record BagImageTopic(BagSummary.Topic topic, boolean compressed, String encoding, Kind kind) {
  /** What a topic's first message is. */
  enum Kind {
    PICTURE,
    DEPTH,
    NOT_UNDERSTOOD
  }

  /** Last parts of topic names that image_proc gives to different pictures of one camera. */
  private static final Set<String> PICTURES_OF_ONE_CAMERA =
      Set.of("image", "image_raw", "image_mono", "image_color", "image_rect", "image_rect_color");

  /** The topic, or null if it is of another type or has no readable message. */
  static @Nullable BagImageTopic of(Bag bag, BagSummary.Topic topic) {
    Ros1Type type = topic.decoder().rosType();
    boolean compressed = type == Ros1Type.COMPRESSED_IMAGE;
    if (!compressed && type != Ros1Type.IMAGE) {
      return null;
    }
    BagMessage first = bag.first(topic.name());
    if (first == null) {
      return null;
    }
    try {
      if (compressed) {
        String format = topic.decoder().compressedImage(first.data()).format();
        return new BagImageTopic(topic, true, format, kindOfCompressed(format));
      }
      String encoding = topic.decoder().image(first.data()).encoding();
      return new BagImageTopic(topic, false, encoding, kindOfRaw(encoding));
    } catch (MessageFormatException e) {
      // One bad message says nothing about the rest: take it for pictures and let each be judged.
      return new BagImageTopic(topic, compressed, "unknown", Kind.PICTURE);
    }
  }

  private static Kind kindOfRaw(String encoding) {
    return RosDepth.isDepth(encoding)
        ? Kind.DEPTH
        : RosPictures.understands(encoding) ? Kind.PICTURE : Kind.NOT_UNDERSTOOD;
  }

  private static Kind kindOfCompressed(String format) {
    return RosDepth.isCompressedDepth(format)
        ? Kind.DEPTH
        : RosPictures.understandsCompressed(format) ? Kind.PICTURE : Kind.NOT_UNDERSTOOD;
  }

  String name() {
    return topic.name();
  }

  /** The name that a raw topic and its compressed twins share, as image_transport names them. */
  String baseName() {
    return compressed ? parentOf(name()) : name();
  }

  /** The namespace where ROS expects this topic's {@code camera_info}. */
  String namespace() {
    return parentOf(baseName());
  }

  /** Equal for topics that show the same camera. */
  String cameraKey() {
    String last = baseName().substring(baseName().lastIndexOf('/') + 1);
    return PICTURES_OF_ONE_CAMERA.contains(last) ? namespace() + "/" : baseName();
  }

  boolean isRectified() {
    return baseName().substring(baseName().lastIndexOf('/') + 1).contains("rect");
  }

  /** Colour before grey, stored without loss before compressed, as the sensor saw it before not. */
  int preference() {
    boolean grey = encoding.startsWith("mono") || encoding.startsWith("8UC1");
    return (grey ? 0 : 4) + (compressed ? 0 : 2) + (isRectified() ? 0 : 1);
  }

  /** One line for people. */
  String describe() {
    return "%s (%s \"%s\", %d message%s)"
        .formatted(name(), topic.type(), encoding, topic.count(), topic.count() == 1 ? "" : "s");
  }

  private static String parentOf(String name) {
    int slash = name.lastIndexOf('/');
    return slash <= 0 ? "" : name.substring(0, slash);
  }
}
