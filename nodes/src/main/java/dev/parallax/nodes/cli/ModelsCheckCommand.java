package dev.parallax.nodes.cli;

import dev.parallax.nodes.model.ModelCheck;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code models check}: runs a network and says what is wrong with it. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description =
        "Run a depth or flow network on simulated pictures and say what is wrong with it, if anything.",
    footerHeading = "%nA network of your own is described by a small YAML file:%n",
    footer = {
      "  file: depth_anything_v2_small.onnx   # beside it; .onnx, or TorchScript as .pt",
      "  output: relative_inverse_depth       # larger is nearer; or metric_depth, relative_depth, flow",
      "  width: 518                           # of the pictures that it takes",
      "  height: 392",
      "  colours: rgb                         # or bgr, grey",
      "  mean: [0.485, 0.456, 0.406]          # of values in 0..1",
      "  std: [0.229, 0.224, 0.225]",
      "  licence: Apache-2.0                  # what its maker allows",
    })
public final class ModelsCheckCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE",
      description =
          "built-in, depth.onnx as train leaves it, or the YAML file of a network of your own.")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private String file;

  @Option(names = "--threads", paramLabel = "N", description = "Threads the network may use.")
  private int threads = 1;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Override
  public Integer call() {
    ModelCheck.Report report = ModelCheck.of(file, threads);
    PrintWriter out = spec.commandLine().getOut();
    report.facts().forEach(fact -> out.println(file + ": " + fact));
    out.println(
        report.complaints().isEmpty() ? file + ": usable" : file + ": not usable, see below");
    out.flush();
    PrintWriter err = spec.commandLine().getErr();
    report.complaints().forEach(complaint -> err.println("parallax: " + complaint));
    return report.complaints().isEmpty() ? ExitStatus.OK : ExitStatus.FAILED;
  }
}
