package dev.parallax.nodes.source;

import dev.parallax.sim.eval.GroundTruth;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens what is known to be true of a recording, by the same rules as {@link Recordings}. */
public final class GroundTruths {
  private GroundTruths() {}

  /** With what the recording itself tells. */
  public static GroundTruth open(Path path) {
    return open(path, RecordingOptions.defaults());
  }

  /**
   * @param options calibration, unit of integer depth and, for bags, which topics
   * @throws SourceException if there is no recording there that can hold ground truth
   */
  public static GroundTruth open(Path path, RecordingOptions options) {
    Recordings.requireExists(path);
    if (Files.isDirectory(path)) {
      return FolderTruth.open(path, options);
    }
    if (Bags.isBag(path)) {
      return BagGroundTruth.open(path, options);
    }
    throw Recordings.notReadable(path, Recordings.extension(path));
  }
}
