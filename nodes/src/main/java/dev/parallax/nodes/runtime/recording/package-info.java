/** Results as a recording of ROS 1 messages, in a bag or an MCAP file. */
package dev.parallax.nodes.runtime.recording;
