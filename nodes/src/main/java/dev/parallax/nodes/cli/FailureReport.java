package dev.parallax.nodes.cli;

import dev.parallax.nodes.runtime.files.OutputException;
import dev.parallax.nodes.source.SourceException;
import dev.parallax.nodes.web.DashboardException;
import java.io.PrintWriter;
import picocli.CommandLine;

/**
 * Turns an exception that ends a command into a line on standard error and an exit status. Trouble
 * with input or output is one line; anything else is a defect and keeps its stack trace.
 */
final class FailureReport implements CommandLine.IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(
      Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    PrintWriter err = command.getErr();
    if (e instanceof SourceException) {
      err.println("parallax: " + e.getMessage());
      return ExitStatus.USAGE;
    }
    if (e instanceof CommandFailure
        || e instanceof OutputException
        || e instanceof DashboardException) {
      err.println("parallax: " + e.getMessage());
      return ExitStatus.FAILED;
    }
    err.println("parallax: internal error, please report it with the lines below");
    e.printStackTrace(err);
    return ExitStatus.FAILED;
  }
}
