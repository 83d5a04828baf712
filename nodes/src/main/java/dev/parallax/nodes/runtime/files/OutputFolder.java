package dev.parallax.nodes.runtime.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder that results go to. A file appears under its name only when it is whole, so that a
 * full disk or a killed process leaves nothing half written.
 */
public final class OutputFolder {
  /** Written first, so that a folder that has it was made here. */
  static final String MARK = "config.yaml";

  /** The first line of {@link #MARK}. */
  static final String MARK_LINE = "# Parallax replay";

  /** Every other name that a replay makes at the top. */
  private static final List<String> MADE_HERE =
      List.of(
          "trajectory.tum",
          "trajectory_map.tum",
          CovarianceFile.NAME,
          "frames.csv",
          "camera.yaml",
          "report.html",
          "depth",
          "depth_std",
          "scene_flow",
          "moving_mask",
          "map");

  private static final String UNFINISHED = ".part";

  private final Path root;

  private OutputFolder(Path root) {
    this.root = root;
  }

  /**
   * Makes the folder ready.
   *
   * @param replace whether the results of an earlier replay may be deleted; nothing else ever is
   * @throws OutputException if it holds an earlier replay and {@code replace} is not given, if it
   *     holds anything of ours by name but not by origin (a recording has a {@code depth} too), is
   *     no folder, or cannot be written to
   */
  public static OutputFolder prepare(Path root, boolean replace) {
    try {
      Files.createDirectories(root);
      boolean madeHere = isReplay(root);
      if (madeHere && !replace) {
        throw new OutputException(
            root
                + ": already holds the results of a replay; name another folder with --out or"
                + " replace them with --force");
      }
      for (String name : MADE_HERE) {
        Path earlier = root.resolve(name);
        if (!madeHere && Files.exists(earlier)) {
          throw new OutputException(
              "%s: holds %s, which no replay left there; name another folder with --out"
                  .formatted(root, name));
        }
        if (madeHere && Files.exists(earlier)) {
          delete(earlier);
        }
      }
      return new OutputFolder(root);
    } catch (FileAlreadyExistsException e) {
      throw new OutputException(root + ": is a file; name a folder with --out");
    } catch (IOException e) {
      throw new OutputException(root, e);
    }
  }

  private static boolean isReplay(Path root) throws IOException {
    Path mark = root.resolve(MARK);
    if (!Files.isRegularFile(mark)) {
      return false;
    }
    try (Stream<String> lines = Files.lines(mark)) {
      return lines.findFirst().orElse("").equals(MARK_LINE);
    } catch (UncheckedIOException e) { // not even text
      return false;
    }
  }

  public Path root() {
    return root;
  }

  /**
   * Writes a whole file.
   *
   * @param name path under the folder
   * @throws OutputException if it cannot be written; nothing is then left of it
   */
  public void write(String name, byte[] content) {
    Path file = root.resolve(name);
    Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
    try {
      Files.createDirectories(file.getParent());
      Files.write(unfinished, content);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      deleteQuietly(unfinished);
      throw new OutputException(file, e);
    }
  }

  /** Writes a whole text file in UTF-8. */
  public void write(String name, String content) {
    write(name, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Opens a file that grows line by line. */
  public GrowingFile open(String name) {
    return new GrowingFile(root.resolve(name));
  }

  private static void delete(Path path) throws IOException {
    try (Stream<Path> tree = Files.walk(path)) {
      for (Path p : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(p);
      }
    }
  }

  private static void deleteQuietly(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // The write's own failure is what must be told.
    }
  }
}
