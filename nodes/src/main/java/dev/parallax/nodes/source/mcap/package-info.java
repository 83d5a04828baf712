/**
 * MCAP files, version 0: a container of messages by channel, whatever their serialisation
 * (mcap.dev/spec).
 */
package dev.parallax.nodes.source.mcap;
