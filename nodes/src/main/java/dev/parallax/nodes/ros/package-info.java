/**
 * ROS 1: the port that everything else here uses ({@link dev.parallax.nodes.ros.RosNode}), and what
 * Parallax is as a ROS node. Messages cross the port as serialised; {@code nodes.codec} knows them.
 */
package dev.parallax.nodes.ros;
