package dev.parallax.nodes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
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

  /** A simulated recording of 320x240 pixels, 10 a second, in a folder of its scene's name. */
  Path simulated(String scene, int frames, Path parent) {
    Path folder = parent.resolve(scene);
    Object[] command = {
      "sim",
      "--scene",
      scene,
      "--frames",
      frames,
      "--fps",
      10,
      "--width",
      320,
      "--height",
      240,
      "--out",
      folder
    };
    assertThat(parallax(command)).as(err.toString()).isZero();
    return folder;
  }
}
