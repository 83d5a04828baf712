/** Recordings of messages by topic: what every format of them has in common, and ROS 1 bags. */
package dev.parallax.nodes.source.bag;
