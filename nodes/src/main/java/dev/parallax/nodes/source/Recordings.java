package dev.parallax.nodes.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Opens a recording by what it is: a folder by its content, a file by its extension. */
public final class Recordings {
  static final String FILES_UNDERSTOOD =
      "ROS 1 bags (.bag), video files (.mp4 .mkv .avi .mov) and folders of pictures";

  private Recordings() {}

  /**
   * @throws SourceException if there is nothing there that can be read; the message is one line
   *     that names the path, what is wrong, and what is understood
   */
  public static FrameSource open(Path path, RecordingOptions options) {
    requireExists(path);
    String extension = extension(path);
    // Each kind of recording answers here once it has a reader.
    throw notReadable(path, extension);
  }

  static void requireExists(Path path) {
    if (!Files.exists(path)) {
      throw new SourceException(
          "%s: no such file or folder; check the path. Understood are %s"
              .formatted(path, FILES_UNDERSTOOD));
    }
  }

  static SourceException notReadable(Path path, String extension) {
    return new SourceException(
        "%s: cannot read recordings of kind \"%s\"; understood are %s"
            .formatted(path, extension, FILES_UNDERSTOOD));
  }

  static String extension(Path path) {
    String name = String.valueOf(path.getFileName());
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }
}
