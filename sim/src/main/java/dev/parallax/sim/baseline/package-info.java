/**
 * A plain visual odometry out of OpenCV's own parts, as one would write it from the tutorials: what
 * Parallax is held against. It shares nothing with {@code perception.odometry}.
 */
@org.jspecify.annotations.NullMarked
package dev.parallax.sim.baseline;
