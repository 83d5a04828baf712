package dev.parallax.nodes.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code models}: looks at depth networks. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    description =
        "Look at depth networks: which there are, whether one is usable and how good it is.",
    subcommands = {
      ModelsListCommand.class,
      ModelsCheckCommand.class,
      ModelsMeasureCommand.class,
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  parallax models list net                       which are there?",
      "  parallax models check net/depth.onnx           is it usable?",
      "  parallax models measure net/depth.onnx room    how good is it on a recording with depth?",
    })
public final class ModelsCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before run()
  private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "What to do with the model?");
  }
}
