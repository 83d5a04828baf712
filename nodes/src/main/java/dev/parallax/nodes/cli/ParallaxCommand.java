package dev.parallax.nodes.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The root command {@code parallax}: names the subcommands and starts them. */
@Command(
    name = "parallax",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    description =
        "Depth, scene flow, odometry and an occupancy map from one moving camera, on the JVM.",
    subcommands = {
      // One command a line, in the order of the help.
      DemoCommand.class,
      RunCommand.class,
      DoctorCommand.class,
      ReplayCommand.class,
      EvalCommand.class,
      SimCommand.class,
      TrainCommand.class,
      AdaptCommand.class,
      ModelsCommand.class,
      BagCommand.class,
      BenchCommand.class,
      BaselineCommand.class,
      KafkaCommand.class,
      DashboardCommand.class,
      CommandLine.HelpCommand.class,
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  parallax demo                          a simulated robot, live on a web page",
      "  parallax replay drive.bag --out out    what a recording shows, as files",
      "  parallax COMMAND --help                options and examples of one command",
    })
public final class ParallaxCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before run()
  private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Which command?");
  }

  /** The command line with all subcommands, ready to execute; errors end as one line. */
  public static CommandLine commandLine() {
    return new CommandLine(new ParallaxCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(ParallaxCommand::explainUsage)
        .setExecutionExceptionHandler(new FailureReport());
  }

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** What is wrong in one line, and where the help is; the whole help would bury the line. */
  private static int explainUsage(CommandLine.ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("parallax: " + e.getMessage());
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, err)
        && command.getParent() == null) {
      command.usage(err);
    } else {
      err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    }
    return ExitStatus.USAGE;
  }
}
