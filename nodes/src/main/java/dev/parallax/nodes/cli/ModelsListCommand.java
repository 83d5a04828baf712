package dev.parallax.nodes.cli;

import dev.parallax.nodes.model.ModelException;
import dev.parallax.nodes.model.ModelListing;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code models list}: which networks there are. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = {
      "What is built in, and the networks in the folders named: .onnx as train or adapt leaves it,",
      "and your own by their YAML files. Nothing is run: models check does that.",
    })
public final class ModelsListCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", arity = "0..*", description = "folders to look into")
  private List<Path> folders = new ArrayList<>();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Override
  public Integer call() {
    List<ModelListing.Entry> entries = new ArrayList<>();
    try {
      entries.add(ModelListing.builtIn());
      folders.forEach(folder -> entries.addAll(ModelListing.in(folder)));
    } catch (ModelException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    int width = entries.stream().mapToInt(entry -> entry.name().length()).max().orElse(0);
    String row = "%-" + Math.max(4, width) + "s  %7s  %-45s  %-22s  %s%n";
    out.printf(row, "name", "size", "takes", "gives", "licence");
    for (ModelListing.Entry entry : entries) {
      if (entry.problem().isEmpty()) {
        String size = String.format(Locale.ROOT, "%.1f MB", entry.bytes() / 1e6);
        out.printf(row, entry.name(), size, entry.input(), entry.output(), entry.licence());
      } else {
        out.printf("%s: not usable: %s%n", entry.name(), entry.problem());
      }
    }
    out.flush();
    return ExitStatus.OK;
  }
}
