package dev.parallax.nodes.source;

import dev.parallax.sim.eval.GroundTruth;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens what is known to be true of a recording, by the same rules as {@link Recordings}. */
public final class GroundTruths {
  private GroundTruths() {}

  /**
   * @throws SourceException if there is no recording there that can hold ground truth
   */
  public static GroundTruth open(Path path) {
    Recordings.requireExists(path);
    if (Files.isDirectory(path)) {
      return FolderTruth.open(path);
    }
    throw Recordings.notReadable(path, Recordings.extension(path));
  }
}
