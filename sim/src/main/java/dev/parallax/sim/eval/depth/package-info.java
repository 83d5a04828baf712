/**
 * Measures of estimated depth. They stream: a frame at a time, in two passes where a scale of the
 * whole clip is wanted, in memory that does not grow with the clip.
 */
package dev.parallax.sim.eval.depth;
