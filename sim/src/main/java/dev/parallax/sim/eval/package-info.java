/** Evaluation: what is held against what, and how the figures are written down. */
package dev.parallax.sim.eval;
