package dev.parallax.nodes.source.rosbag2;

import dev.parallax.nodes.codec.CalibrationFormatException;
import dev.parallax.nodes.codec.YamlTree;
import dev.parallax.nodes.source.SourceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What rosbag2's {@code metadata.yaml} says, as far as it is needed to read the folder it lies in.
 *
 * @param files of the recording, in the order they were written, whether they are there or not
 */
public record Rosbag2Metadata(List<Path> files) {
  private static final String NAME = "metadata.yaml";

  public Rosbag2Metadata {
    files = List.copyOf(files);
  }

  /** Whether a folder is one that rosbag2 recorded. */
  public static boolean isIn(Path folder) {
    return Files.isRegularFile(folder.resolve(NAME));
  }

  /**
   * @throws SourceException if the file cannot be read or names no files, or if these are
   *     compressed as a whole
   */
  public static Rosbag2Metadata read(Path folder) {
    try {
      YamlTree yaml = YamlTree.read(folder.resolve(NAME)).child("rosbag2_bagfile_information");
      List<Path> files = new ArrayList<>();
      for (String each : yaml.texts("relative_file_paths")) {
        files.add(resolve(folder, each));
      }
      if (files.isEmpty()) {
        throw new SourceException(folder.resolve(NAME) + ": relative_file_paths names no file");
      }
      String mode = yaml.has("compression_mode") ? yaml.text("compression_mode") : "";
      if (!mode.isEmpty() && !mode.equalsIgnoreCase("NONE")) {
        throw new SourceException(
            "%s: recorded with compression mode %s, which is not understood; unpack it with ros2 bag convert"
                .formatted(folder, mode));
      }
      return new Rosbag2Metadata(files);
    } catch (CalibrationFormatException e) {
      throw new SourceException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Early versions wrote the folder's own name before the file's. */
  private static Path resolve(Path folder, String written) {
    Path path = folder.resolve(written);
    Path beside = folder.resolve(String.valueOf(Path.of(written).getFileName()));
    return Files.exists(path) ? path : beside;
  }
}
