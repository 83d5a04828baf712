package dev.parallax.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Real recordings, named by {@code PARALLAX_DATA}, else beside the checkout. */
final class RealData {
  private RealData() {}

  /** The path of a recording; skips the calling test where it is missing. */
  static Path path(String relative) {
    String named = System.getenv("PARALLAX_DATA");
    Path root =
        named != null ? Path.of(named) : Path.of("..", "..", "shared", "data").toAbsolutePath();
    Path path = root.resolve(relative).normalize();
    Assumptions.assumeTrue(
        Files.exists(path),
        () ->
            "NOT RUN: no recording at %s; set PARALLAX_DATA to the folder that holds %s"
                .formatted(path, relative));
    return path;
  }
}
