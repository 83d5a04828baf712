/** Measures of optical flow, scene flow and moving masks. */
package dev.parallax.sim.eval.motion;
