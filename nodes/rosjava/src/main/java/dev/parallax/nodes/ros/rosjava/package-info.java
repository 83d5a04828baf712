/**
 * The port to ROS 1 over rosjava, built with the Maven profile {@code rosjava} alone. It joins
 * rosjava's own parts (master client, slave server, topics, services) as its node class does, but
 * lets messages through as serialised: {@code nodes.codec} takes them apart, as it does for our own
 * client.
 */
@org.jspecify.annotations.NullMarked
package dev.parallax.nodes.ros.rosjava;
