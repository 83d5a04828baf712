/** Measures of a camera's estimated path. */
package dev.parallax.sim.eval.odometry;
