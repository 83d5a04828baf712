package dev.parallax.nodes;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * Readers of other people from npm, which {@code launch/test} installs under {@code
 * nodes/target/npm}. Where they are missing the test is skipped, saying what would make it run.
 */
public final class NpmPeers {
  private NpmPeers() {}

  /** Runs a script of {@code src/test/npm} and returns what it printed; it must succeed. */
  public static String run(String script, String... arguments) {
    Tools.require("node", "nodejs npm");
    Path installed = Path.of("target", "npm").toAbsolutePath();
    Assumptions.assumeTrue(
        Files.isDirectory(installed.resolve("node_modules")),
        "NOT RUN: no npm packages; to run this test: launch/test, or cp nodes/src/test/npm/*"
            + " nodes/target/npm && npm ci --ignore-scripts --prefix nodes/target/npm");
    String[] command = new String[arguments.length + 2];
    command[0] = "node";
    command[1] = installed.resolve(script).toString();
    System.arraycopy(arguments, 0, command, 2, arguments.length);
    return Tools.run(installed, command);
  }
}
