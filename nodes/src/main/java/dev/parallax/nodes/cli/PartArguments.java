package dev.parallax.nodes.cli;

import dev.parallax.nodes.runtime.ClippedSource;
import dev.parallax.nodes.source.FrameSource;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which part of a recording is meant; shared by the commands that read one. */
final class PartArguments {
  @Option(
      names = "--start",
      paramLabel = "S",
      defaultValue = "0",
      description = "begin so many seconds after the first frame")
  private double startS;

  @Option(names = "--duration", paramLabel = "S", description = "end after so many seconds")
  private double durationS = Double.POSITIVE_INFINITY;

  /**
   * @throws ParameterException if a value makes no sense
   */
  void check(CommandLine command) {
    if (!(startS >= 0)) {
      throw new ParameterException(command, "--start must not be negative");
    }
    if (!(durationS > 0)) {
      throw new ParameterException(command, "--duration must be positive");
    }
  }

  double startS() {
    return startS;
  }

  /** May be infinite. */
  double durationS() {
    return durationS;
  }

  boolean isWhole() {
    return startS == 0 && durationS == Double.POSITIVE_INFINITY;
  }

  /** The part of a recording, which it then owns. */
  FrameSource of(FrameSource whole) {
    return isWhole() ? whole : new ClippedSource(whole, startS, durationS);
  }

  /** The options for what comes after this part, with a space before; empty where nothing does. */
  String rest() {
    return durationS < Double.POSITIVE_INFINITY
        ? String.format(Locale.ROOT, " --start %.2f", startS + durationS)
        : "";
  }

  void describe(ResolvedConfig config) {
    config.put("start_s", startS);
    if (durationS < Double.POSITIVE_INFINITY) {
      config.put("duration_s", durationS);
    }
  }
}
