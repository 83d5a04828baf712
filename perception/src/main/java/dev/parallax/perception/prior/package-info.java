/** Depth by a network that has seen many places: what it is fed, what it tells, who runs it. */
package dev.parallax.perception.prior;
