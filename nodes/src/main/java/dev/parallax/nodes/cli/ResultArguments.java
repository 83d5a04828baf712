package dev.parallax.nodes.cli;

import dev.parallax.nodes.runtime.OutcomeSink;
import dev.parallax.nodes.runtime.files.FileSink;
import dev.parallax.nodes.runtime.files.OutputException;
import dev.parallax.nodes.runtime.files.OutputFolder;
import dev.parallax.nodes.runtime.recording.BagSink;
import dev.parallax.nodes.source.BagFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where results go: folders and recordings. */
final class ResultArguments {
  @Option(
      names = "--out",
      paramLabel = "PATH",
      description =
          "folder for the results, or a file that ends in .mcap or .bag for a recording of them;"
              + " may be given several times")
  private List<Path> outs = new ArrayList<>();

  @Option(names = "--force", description = "replace the results of an earlier replay in --out")
  private boolean force;

  @Option(
      names = "--path-only",
      description = "leave out the pictures of depth and motion in a folder, for long recordings")
  private boolean pathOnly;

  boolean isEmpty() {
    return outs.isEmpty();
  }

  /**
   * Starts what takes the results.
   *
   * @param title names the input
   * @param resolved the options as resolved, a line each
   * @throws OutputException if one cannot be written, or holds something already
   */
  List<OutcomeSink> open(String title, List<String> resolved) {
    List<OutcomeSink> sinks = new ArrayList<>();
    for (Path out : outs) {
      Optional<BagFormat> format = BagFormat.of(out);
      sinks.add(
          format.isPresent()
              ? recording(out, format.get())
              : new FileSink(OutputFolder.prepare(out, force), title, resolved, pathOnly));
    }
    return sinks;
  }

  /** Says where the results are. */
  void tell(PrintWriter out) {
    for (Path path : outs) {
      out.printf(
          "results  %s%s%n",
          path, BagFormat.of(path).isPresent() ? "" : " (begin with report.html)");
    }
  }

  private OutcomeSink recording(Path out, BagFormat format) {
    if (Files.exists(out) && !(force && Files.isRegularFile(out))) {
      throw new OutputException(
          out + ": is already there; give another name with --out or replace it with --force");
    }
    try {
      Path parent = out.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      return new BagSink(out, format.createRos1(out));
    } catch (IOException e) {
      throw new OutputException(out, e);
    }
  }
}
