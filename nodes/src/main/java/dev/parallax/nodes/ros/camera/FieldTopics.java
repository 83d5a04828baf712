package dev.parallax.nodes.ros.camera;

import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosDepth;
import dev.parallax.nodes.codec.RosFrameMessages;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosMessage;
import dev.parallax.nodes.codec.RosPictures;
import dev.parallax.nodes.ros.PublishOptions;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.RosPublisher;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * What lies on the picture's grid: depth, its camera and std, points, scene flow, moving mask. A
 * message is made only for topics that somebody listens to.
 */
final class FieldTopics implements AutoCloseable {
  /** Large messages: one may wait while another is on its way. */
  private static final PublishOptions QUEUE = PublishOptions.queue(2);

  private record Topic(
      RosPublisher publisher, BiFunction<Estimated, RosHeader, ? extends RosMessage> message) {}

  private final RosDepth depths = new RosDepth();
  private final RosPictures pictures = new RosPictures();
  private final List<Topic> topics = new ArrayList<>();

  /**
   * @param config for what has no unit of length
   * @param lengths for what has one
   */
  FieldTopics(RosNode node, RosCameraConfig config, RosCameraConfig lengths) {
    add(node, lengths, "depth/image", Ros1Type.IMAGE, RosFrameMessages::depth);
    add(node, lengths, "depth/camera_info", Ros1Type.CAMERA_INFO, RosFrameMessages::depthCamera);
    add(node, lengths, "depth/std_dev", Ros1Type.IMAGE, RosFrameMessages::depthStd);
    add(node, lengths, "depth/points", Ros1Type.POINT_CLOUD, RosFrameMessages::points);
    add(node, lengths, "scene_flow", Ros1Type.IMAGE, RosFrameMessages::sceneFlow);
    add(node, config, "moving_mask", Ros1Type.IMAGE, RosFrameMessages::movingMask);
    add(
        node,
        lengths,
        "depth/image/compressedDepth",
        Ros1Type.COMPRESSED_IMAGE,
        (frame, header) -> depths.compressedMessage(frame.depth(), header));
    add(
        node,
        config,
        "moving_mask/compressed",
        Ros1Type.COMPRESSED_IMAGE,
        (frame, header) -> pictures.pngMessage(mask(frame), header));
  }

  private static Picture mask(Estimated frame) {
    MovingMask mask = frame.movingMask();
    return new Picture(mask.width(), mask.height(), Picture.Format.MONO8, mask.labels());
  }

  private void add(
      RosNode node,
      RosCameraConfig config,
      String name,
      Ros1Type type,
      BiFunction<Estimated, RosHeader, ? extends RosMessage> message) {
    topics.add(new Topic(node.advertise(config.result(name), RosType.of(type), QUEUE), message));
  }

  void publish(Estimated frame, RosHeader header) {
    for (Topic topic : topics) {
      if (topic.publisher.isHeard()) {
        topic.publisher.publish(topic.message.apply(frame, header));
      }
    }
  }

  /** Messages that slow subscribers did not get. */
  long dropped() {
    return topics.stream().mapToLong(topic -> topic.publisher.dropped()).sum();
  }

  @Override
  public void close() {
    topics.forEach(topic -> topic.publisher.close());
  }
}
