package dev.parallax.nodes.runtime.recording;

import dev.parallax.perception.pipeline.FrameOutcome.Estimated;

/** The unit of the lengths in a recording, and the names that tell it. */
enum LengthUnit {
  METRES("/parallax/", "odom"),
  RELATIVE("/parallax/relative/", "odom_relative");

  private final String namespace;
  private final String odomFrame;

  LengthUnit(String namespace, String odomFrame) {
    this.namespace = namespace;
    this.odomFrame = odomFrame;
  }

  static LengthUnit of(Estimated frame) {
    return frame.pose().scale().isMetric() ? METRES : RELATIVE;
  }

  /** A topic of what has this unit. */
  String topic(String name) {
    return namespace + name;
  }

  String odomFrame() {
    return odomFrame;
  }
}
