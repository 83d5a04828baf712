package dev.parallax.nodes.cli;

import dev.parallax.nodes.source.Bags;
import dev.parallax.nodes.source.SourceException;
import dev.parallax.nodes.source.bag.Bag;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bag info}: what recordings hold, and what replay would make of them. */
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    description =
        "Tells what recordings hold, what is wrong with them, and what replay would play.")
final class BagInfoCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "ROS 1 bags (.bag), MCAP files (.mcap), rosbag2 (.db3)")
  @SuppressWarnings("NullAway.Init")
  private List<Path> files;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    int status = ExitStatus.OK;
    String separator = "";
    for (Path file : files) {
      try (Bag bag = Bags.open(file)) {
        BagReport report = BagReport.of(bag, Bags.sizeBytes(file));
        out.print(separator + report.text());
        out.flush();
        report.warnings().forEach(warning -> err.println("warning: " + warning));
        separator = System.lineSeparator();
      } catch (SourceException e) {
        err.println("parallax: " + e.getMessage()); // the others may be fine
        status = ExitStatus.USAGE;
      }
      err.flush();
    }
    return status;
  }
}
