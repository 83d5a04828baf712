/** Recorded messages played into a ROS 1 graph. */
package dev.parallax.nodes.ros.playback;
