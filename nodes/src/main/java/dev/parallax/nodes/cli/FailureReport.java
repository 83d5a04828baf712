package dev.parallax.nodes.cli;

import dev.parallax.kernels.cuda.CudaException;
import dev.parallax.nodes.kafka.KafkaTrouble;
import dev.parallax.nodes.ros.RosException;
import dev.parallax.nodes.runtime.DeviceException;
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
    if (e instanceof CudaException broken) {
      err.println("parallax: the GPU failed: " + broken.getMessage() + remedy(broken));
      return ExitStatus.FAILED;
    }
    if (e instanceof CommandFailure
        || e instanceof DeviceException
        || e instanceof RosException
        || e instanceof OutputException
        || e instanceof KafkaTrouble
        || e instanceof DashboardException) {
      err.println("parallax: " + e.getMessage());
      return ExitStatus.FAILED;
    }
    err.println("parallax: internal error, please report it with the lines below");
    e.printStackTrace(err);
    return ExitStatus.FAILED;
  }

  private static String remedy(CudaException e) {
    if (e.isOutOfMemory()) {
      return "; use smaller pictures, or --device cpu";
    }
    return e.isContextLost()
        ? "; its context is lost, so this process ends: start again, and if it comes back use"
            + " --device cpu"
        : "; --device cpu goes without it";
  }
}
