package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.EncodedPicture;
import dev.parallax.nodes.codec.MessageDecoder;
import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.RosCompressedImage;
import dev.parallax.nodes.codec.RosDepth;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosPictures;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decodes the messages of one image topic. Stateless. */
final class BagPictures {
  /** Enough pictures to know the frame rate. */
  private static final int STAMPS_FOR_RATE = 30;

  /** Half a frame where the topic has too few pictures to tell: 30 Hz. */
  private static final long DEFAULT_HALF_FRAME_NS = 16_666_667L;

  private final BagImageTopic topic;
  private final MessageDecoder decoder;
  private final RosPictures pictures = new RosPictures();
  private final RosDepth depths = new RosDepth();

  BagPictures(BagImageTopic topic) {
    this.topic = topic;
    this.decoder = topic.topic().decoder();
  }

  /** When the picture was taken; when it was recorded if the publisher left the stamp at zero. */
  Timestamp stamp(BagMessage message) throws MessageFormatException {
    RosHeader header = decoder.header(message.data());
    return header.stamp().nanos() == 0 ? message.recordTime() : header.stamp();
  }

  Picture picture(BagMessage message) throws MessageFormatException {
    return topic.compressed()
        ? pictures.picture(decoder.compressedImage(message.data()), topic.name())
        : pictures.picture(decoder.image(message.data()), topic.name());
  }

  /** The picture as it was compressed; null where it was not. */
  @Nullable EncodedPicture encoded(BagMessage message) throws MessageFormatException {
    if (!topic.compressed()) {
      return null;
    }
    RosCompressedImage image = decoder.compressedImage(message.data());
    return new EncodedPicture(image.format(), image.data());
  }

  DepthMap depth(BagMessage message, double unitsPerM) throws MessageFormatException {
    return topic.compressed()
        ? depths.depth(decoder.compressedImage(message.data()), unitsPerM, topic.name())
        : depths.depth(decoder.image(message.data()), unitsPerM, topic.name());
  }

  /** Half the usual time between two pictures: nothing further away belongs to a picture. */
  long halfFrameNs(Bag bag) {
    List<Long> gaps = new ArrayList<>();
    Iterator<BagMessage> messages = bag.messages(Set.of(topic.name()));
    long before = Long.MIN_VALUE;
    for (int i = 0; i < STAMPS_FOR_RATE && messages.hasNext(); i++) {
      try {
        long stamp = stamp(messages.next()).nanos();
        if (before != Long.MIN_VALUE && stamp > before) {
          gaps.add(stamp - before);
        }
        before = stamp;
      } catch (MessageFormatException e) {
        continue; // the frame itself will be refused with the reason
      }
    }
    Collections.sort(gaps);
    return gaps.isEmpty() ? DEFAULT_HALF_FRAME_NS : gaps.get(gaps.size() / 2) / 2;
  }
}
