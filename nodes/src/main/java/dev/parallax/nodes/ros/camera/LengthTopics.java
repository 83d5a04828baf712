package dev.parallax.nodes.ros.camera;

import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.camera.RosCameraConfig.Frames;

/**
 * What one camera publishes in one unit of length: in metres under its own names, in an arbitrary
 * unit under {@code relative} and in frames {@code odom_relative} and {@code map_relative}. One of
 * the two is announced at a time.
 */
final class LengthTopics implements AutoCloseable {
  private final boolean metric;
  private final Frames frames;
  private final FieldTopics fields;
  private final MotionTopics motion;
  private final MapTopics map;

  LengthTopics(RosNode node, RosCameraConfig config, Placement placement, boolean metric) {
    this.metric = metric;
    RosCameraConfig lengths = metric ? config : config.inRelativeUnits();
    frames = lengths.frames();
    fields = new FieldTopics(node, config, lengths);
    motion = new MotionTopics(node, lengths, placement);
    map = new MapTopics(node, lengths);
  }

  boolean isMetric() {
    return metric;
  }

  Frames frames() {
    return frames;
  }

  FieldTopics fields() {
    return fields;
  }

  MotionTopics motion() {
    return motion;
  }

  MapTopics map() {
    return map;
  }

  @Override
  public void close() {
    fields.close();
    motion.close();
    map.close();
  }
}
