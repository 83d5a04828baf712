/** Recordings of ROS 2's rosbag2 in SQLite files (.db3). */
package dev.parallax.nodes.source.rosbag2;
