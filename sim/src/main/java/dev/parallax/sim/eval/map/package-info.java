/** Measures of the occupancy map against the one that true depth and poses make. */
package dev.parallax.sim.eval.map;
