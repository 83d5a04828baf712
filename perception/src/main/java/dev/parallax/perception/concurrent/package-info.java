/** Work beside the frame path. */
package dev.parallax.perception.concurrent;
