package dev.parallax.nodes.codec;

import dev.parallax.perception.frame.Timestamp;

/**
 * {@code std_msgs/Header}.
 *
 * @param seq counts a ROS 1 publisher's messages; ROS 2 has none and reads 0
 */
public record RosHeader(long seq, Timestamp stamp, String frameId) {}
