/**
 * Between the bytes of wires and files and the types of the domain; the only place that knows both.
 */
package dev.parallax.nodes.codec;
