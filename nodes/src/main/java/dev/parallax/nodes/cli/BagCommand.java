package dev.parallax.nodes.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bag}: looks into recordings of messages and converts them. */
@Command(
    name = "bag",
    mixinStandardHelpOptions = true,
    description = "Look into recordings of messages and convert them.",
    subcommands = {
      BagInfoCommand.class,
      BagConvertCommand.class,
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  parallax bag info drive.bag",
      "  parallax bag convert drive.bag drive.mcap",
    })
public final class BagCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before run()
  private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "What to do with the bag?");
  }
}
