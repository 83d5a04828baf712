package dev.parallax.nodes.cli;

import dev.parallax.nodes.model.ModelException;
import dev.parallax.nodes.model.Models;
import dev.parallax.perception.prior.NetworkPlace;
import dev.parallax.perception.prior.UserFlow;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which network answers dense flow, if any; shared by the commands that run a pipeline. */
final class FlowArguments {
  @Option(
      names = "--flow-model",
      paramLabel = "FILE",
      description =
          "dense flow by your own network, by its YAML file with output: flow (default: dense inverse"
              + " search)")
  private @Nullable Path model;

  /** Opens the network, one for each pipeline; null where none was asked for. */
  @Nullable Supplier<UserFlow> opener(NetworkPlace place) {
    Path wanted = model;
    return wanted == null ? null : () -> open(wanted, place);
  }

  private static UserFlow open(Path wanted, NetworkPlace place) {
    try {
      return Models.openFlow(wanted, place);
    } catch (ModelException e) {
      throw new CommandFailure("--flow-model: " + e.getMessage(), e);
    }
  }

  /** Adds what was asked for. */
  void describe(ResolvedConfig config) {
    config.put("flow_model", model == null ? "none" : model.toString());
  }
}
