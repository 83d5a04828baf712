/**
 * Parallax as a ROS node: pictures in, results out, services, transforms, health. Start at {@link
 * dev.parallax.nodes.ros.camera.RosCamera}.
 */
package dev.parallax.nodes.ros.camera;
