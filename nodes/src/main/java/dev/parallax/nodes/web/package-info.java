/**
 * The dashboard: a page on loopback that shows what the pipeline makes of each frame. The only
 * package that imports Micronaut.
 *
 * <p>{@code DashboardSink} keeps the latest picture of affairs, {@code DashboardFeed} encodes it
 * for whoever watches, {@code DashboardServer} serves the page and the WebSocket. The bytes on the
 * wire are described in {@code DashboardMessage}.
 */
@NullMarked
package dev.parallax.nodes.web;

import org.jspecify.annotations.NullMarked;
