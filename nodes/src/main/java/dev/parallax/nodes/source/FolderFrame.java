package dev.parallax.nodes.source;

import dev.parallax.perception.frame.Timestamp;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One picture of a folder, not yet read, and the depth picture that belongs to it. */
record FolderFrame(Timestamp stamp, Path picture, @Nullable Path depth) {}
