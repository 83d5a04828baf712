/** How Parallax's own depth network is built and trained, on made-up worlds only. */
package dev.parallax.sim.training;
