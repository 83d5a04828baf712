/** Recordings read frame by frame: folders, bags and video files, and the truth beside them. */
package dev.parallax.nodes.source;
