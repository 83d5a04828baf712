package dev.parallax.nodes.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** Commands as a user types them, and what they have printed so far. */
final class CommandOutput {
  final StringWriter out = new StringWriter();
  final StringWriter err = new StringWriter();

  /** Runs a command; answers its exit status. */
  int parallax(Object... args) {
    return ParallaxCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(List.of(args).stream().map(Object::toString).toArray(String[]::new));
  }
}
