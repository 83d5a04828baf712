package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.RosDepth;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Plays the pictures of one camera in a ROS 1 bag in the order they were recorded, each with the
 * stamp its publisher gave it.
 */
public final class BagSource implements FrameSource {
  private final Bag bag;
  private final RecordingOptions options;
  private final BagImageTopic images;
  private final BagPictures decoder;
  private final CameraCalibration calibration;
  private final @Nullable BagDepth depth;
  private final Iterator<BagMessage> messages;
  private final List<String> warnings = new ArrayList<>();
  private long sequence;
  private long withoutDepth;

  private BagSource(Bag bag, RecordingOptions options) {
    this.bag = bag;
    this.options = options;
    BagTopics topics = new BagTopics(bag);
    this.images = topics.picture(options.imageTopic());
    this.decoder = new BagPictures(images);
    CameraCalibration given = options.calibration();
    this.calibration = given != null ? given : new BagCalibration(bag, images).find(warnings::add);
    this.depth = options.withSensorDepth() ? openDepth(topics) : null;
    this.messages = bag.messages(Set.of(images.name()));
  }

  /**
   * @throws SourceException if the file is no bag, holds no pictures or those of several cameras
   *     and none is named, or its CameraInfo cannot be used
   */
  public static BagSource open(Path path, RecordingOptions options) {
    return new BagSource(Bags.open(path), options);
  }

  @Override
  public String name() {
    return "%s %s".formatted(bag.path(), images.name());
  }

  @Override
  public OptionalLong frameCount() {
    return OptionalLong.of(images.topic().count());
  }

  @Override
  public @Nullable SourceItem next() {
    if (!messages.hasNext()) {
      return null;
    }
    BagMessage message = messages.next();
    FrameId id = new FrameId(options.camera(), sequence++);
    Timestamp stamp = message.recordTime();
    try {
      stamp = decoder.stamp(message);
      Picture picture = decoder.picture(message);
      String wrongSize = wrongSize(picture);
      return wrongSize != null
          ? new SourceItem.Refused(id, stamp, wrongSize)
          : new SourceItem.Frame(
              new CameraFrame(id, stamp, calibration, picture, depthAt(stamp)),
              decoder.encoded(message));
    } catch (MessageFormatException e) {
      return new SourceItem.Refused(id, stamp, bag.path() + ": " + e.getMessage());
    }
  }

  @Override
  public List<String> warnings() {
    List<String> all = new ArrayList<>(bag.warnings());
    all.addAll(warnings);
    if (withoutDepth > 0) {
      all.add(
          "%s: %d pictures have no depth picture within half a frame"
              .formatted(bag.path(), withoutDepth));
    }
    String loss = depth == null ? null : depth.loss();
    if (loss != null) {
      all.add(loss);
    }
    return List.copyOf(all);
  }

  @Override
  public void close() {
    // The mapping is freed with the last buffer that looks into it.
  }

  private @Nullable DepthMap depthAt(Timestamp stamp) {
    if (depth == null) {
      return null;
    }
    DepthMap map = depth.nearest(stamp);
    withoutDepth += map == null ? 1 : 0;
    return map;
  }

  private @Nullable String wrongSize(Picture picture) {
    int width = calibration.model().width();
    int height = calibration.model().height();
    return picture.width() == width && picture.height() == height
        ? null
        : "%s: topic %s: picture is %dx%d but its calibration is for %dx%d; give the right one with --camera"
            .formatted(bag.path(), images.name(), picture.width(), picture.height(), width, height);
  }

  private @Nullable BagDepth openDepth(BagTopics topics) {
    BagImageTopic topic = topics.depth(options.depthTopic());
    if (topic == null) {
      warnings.add(
          "%s: sensor depth was asked for, but no topic holds depth".formatted(bag.path()));
      return null;
    }
    double unitsPerM = options.depthUnitsPerM().orElse(RosDepth.ROS_UNITS_PER_M);
    if (options.depthUnitsPerM().isEmpty() && RosDepth.isWholeUnits(topic.encoding())) {
      warnings.add(
          ("%s: depth on %s is in whole numbers whose unit the bag does not tell; taken as"
                  + " millimetres, as ROS has it. If it is TUM data, say --depth-units 5000")
              .formatted(bag.path(), topic.name()));
    }
    return new BagDepth(bag, topic, unitsPerM, decoder.halfFrameNs(bag));
  }
}
