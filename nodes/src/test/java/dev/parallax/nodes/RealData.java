package dev.parallax.nodes;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * The real recordings that some tests want: the folder named by {@code PARALLAX_DATA}, else {@code
 * ../shared/data} beside the checkout. Where neither is there the test is skipped, saying so.
 */
public final class RealData {
  private RealData() {}

  /** The path of a recording; skips the calling test where it is missing. */
  public static Path path(String relative) {
    String named = System.getenv("PARALLAX_DATA");
    Path root =
        named != null ? Path.of(named) : Path.of("..", "..", "shared", "data").toAbsolutePath();
    Path path = root.resolve(relative).normalize();
    Assumptions.assumeTrue(
        Files.exists(path),
        () ->
            "NOT RUN: no recording at "
                + path
                + "; set PARALLAX_DATA to the folder that holds "
                + relative);
    return path;
  }
}
