package dev.parallax.nodes.source;

import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagReader;
import dev.parallax.nodes.source.mcap.McapReader;
import dev.parallax.nodes.source.rosbag2.JoinedBag;
import dev.parallax.nodes.source.rosbag2.Rosbag2Metadata;
import dev.parallax.nodes.source.rosbag2.SqliteBag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Opens a recording of messages by what its name says it is. */
public final class Bags {
  private Bags() {}

  /** Whether the name is that of a recording of messages. */
  public static boolean isBag(Path path) {
    return isRos1(path) || isMcap(path) || isSqlite(path) || Rosbag2Metadata.isIn(path);
  }

  /**
   * @throws SourceException if it is not there or cannot be read; the message is one line that
   *     names the path, what is wrong, and what is understood
   */
  public static Bag open(Path path) {
    Recordings.requireExists(path);
    if (Rosbag2Metadata.isIn(path)) {
      return openFolder(path);
    }
    if (isRos1(path)) {
      return BagReader.open(path);
    }
    if (isMcap(path)) {
      return McapReader.open(path);
    }
    if (isSqlite(path)) {
      return SqliteBag.open(path);
    }
    throw new SourceException(
        ("%s: not a recording of messages by its name; understood are ROS 1 bags (.bag), MCAP"
                + " files (.mcap), rosbag2 databases (.db3) and rosbag2's folders (metadata.yaml)")
            .formatted(path));
  }

  /** Bytes of a recording, of all its files where it is a folder. */
  public static long sizeBytes(Path path) throws IOException {
    if (!Rosbag2Metadata.isIn(path)) {
      return Files.size(path);
    }
    long bytes = 0;
    for (Path file : Rosbag2Metadata.read(path).files()) {
      bytes += Files.exists(file) ? Files.size(file) : 0;
    }
    return bytes;
  }

  /** What is left of the files, if any, with a warning for each that is missing or unreadable. */
  private static Bag openFolder(Path folder) {
    List<Bag> parts = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (Path file : Rosbag2Metadata.read(folder).files()) {
      try {
        parts.add(open(file));
      } catch (SourceException e) {
        warnings.add(String.valueOf(e.getMessage()));
      }
    }
    if (parts.isEmpty()) {
      throw new SourceException(
          "%s: none of its files can be read: %s".formatted(folder, warnings.get(0)));
    }
    return new JoinedBag(folder, parts, warnings);
  }

  /** What replay would play of it without being told a topic, or why it would refuse. */
  public static String describePlay(Bag bag) {
    try {
      return "plays " + new BagTopics(bag).picture(null).describe();
    } catch (SourceException e) {
      String message = String.valueOf(e.getMessage());
      String path = bag.path() + ": ";
      return "refuses: " + (message.startsWith(path) ? message.substring(path.length()) : message);
    }
  }

  private static boolean isMcap(Path path) {
    return Recordings.extension(path).equals("mcap");
  }

  private static boolean isSqlite(Path path) {
    return Recordings.extension(path).equals("db3");
  }

  /** Also one that is still being recorded, or whose recorder died: {@code .bag.active}. */
  private static boolean isRos1(Path path) {
    return Recordings.extension(path).equals("bag")
        || path.toString().toLowerCase(Locale.ROOT).endsWith(".bag.active");
  }
}
