/**
 * What many nodes publish, side by side: one card a camera, and one configuration against another.
 */
@org.jspecify.annotations.NullMarked
package dev.parallax.nodes.fleet;
