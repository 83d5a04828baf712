/** Looks at a live ROS graph for what would cost a drive, and says how to mend it. */
package dev.parallax.nodes.ros.doctor;
