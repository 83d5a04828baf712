package dev.parallax.nodes.cli;

import dev.parallax.nodes.model.Models;
import dev.parallax.sim.training.Checkpoint;
import dev.parallax.sim.training.DepthTraining;
import dev.parallax.sim.training.TrainingException;
import dev.parallax.sim.training.TrainingRecipe;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parallax train}: makes the depth network from made-up worlds. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description =
        "Train the depth network on worlds that are made up as it learns; nothing else goes in.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  parallax train --out net                     about an hour on one core",
      "  parallax train --out net                     the same line goes on where it was stopped",
      "  parallax train --out more --from built-in --rate 0.001    goes on from the shipped network",
      "Leaves depth.onnx, recipe.yaml, curve.csv and the checkpoint to go on from. One thread works.",
    })
public final class TrainCommand implements Callable<Integer> {
  private static final long DEFAULT_STEPS = 5000;
  private static final long STEPS_A_REPORT = 5;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "A new or empty folder, or one that an earlier training was stopped in.")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private Path out;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "After how many steps it is done (default: " + DEFAULT_STEPS + ").")
  private @Nullable Long steps;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Decides worlds, first weights and order (default: 1).")
  private @Nullable Long seed;

  @Option(
      names = "--from",
      paramLabel = "NETWORK",
      description =
          "Begin with the weights of the network that is shipped (built-in), of a depth.onnx, or"
              + " of the training in a folder.")
  private @Nullable String from;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "The highest rate of learning (default: 0.0015; with --from less is wise).")
  private @Nullable Double rate;

  @Option(
      names = "--keep-every",
      paramLabel = "N",
      description = "Judge the network and keep it after so many steps.")
  private long keepEvery = 250;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Override
  public Integer call() {
    if (keepEvery < 1 || (steps != null && steps < 1) || (rate != null && !(rate > 0))) {
      throw new ParameterException(
          spec.commandLine(), "--steps and --keep-every must be at least 1, --rate positive");
    }
    try {
      Files.createDirectories(out);
    } catch (IOException e) {
      throw new CommandFailure("%s: no folder can be made there (%s)".formatted(out, e), e);
    }
    Checkpoint checkpoint = new Checkpoint(out.resolve("checkpoint"));
    try (TrainingJournal journal = new TrainingJournal(out);
        DepthTraining training = open(checkpoint, journal)) {
      journal.begin(training);
      train(training, checkpoint, journal);
      PrintWriter console = spec.commandLine().getOut();
      console.printf(
          Locale.ROOT,
          "%s: %d numbers learned in %d steps%n",
          out.resolve(TrainingJournal.MODEL),
          training.parameterCount(),
          training.step());
      console.flush();
      return ExitStatus.OK;
    } catch (TrainingException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new CommandFailure("%s: cannot be written (%s)".formatted(out, e), e);
    }
  }

  private DepthTraining open(Checkpoint checkpoint, TrainingJournal journal)
      throws TrainingException {
    if (!checkpoint.exists()) {
      TrainingRecipe recipe =
          TrainingRecipe.defaults(seed == null ? 1 : seed, steps == null ? DEFAULT_STEPS : steps);
      TrainingRecipe wanted = rate == null ? recipe : recipe.withRate(rate);
      return from == null ? DepthTraining.begin(wanted, journal) : beginFrom(from, wanted, journal);
    }
    TrainingRecipe recipe = checkpoint.recipe();
    boolean other =
        (seed != null && seed != recipe.seed())
            || (steps != null && steps != recipe.steps())
            || (rate != null && rate != recipe.rate())
            || from != null;
    if (other) {
      throw new CommandFailure(
          "%s: was begun with --seed %d --steps %d --rate %s; give --out alone to go on, or another folder"
              .formatted(out, recipe.seed(), recipe.steps(), recipe.rate()));
    }
    return DepthTraining.resume(checkpoint, journal);
  }

  private static DepthTraining beginFrom(
      String network, TrainingRecipe recipe, TrainingJournal journal) throws TrainingException {
    if (Files.isDirectory(Path.of(network))) {
      Checkpoint weights = new Checkpoint(Path.of(network).resolve("checkpoint"));
      return DepthTraining.beginFrom(weights, recipe, journal);
    }
    return DepthTraining.beginFrom(Models.ownBytes(network), network, recipe, journal);
  }

  private void train(DepthTraining training, Checkpoint checkpoint, TrainingJournal journal)
      throws TrainingException, IOException {
    while (!training.isDone()) {
      long untilKept = keepEvery - training.step() % keepEvery;
      training.learn(Math.min(STEPS_A_REPORT, untilKept));
      if (training.isDone() || training.step() % keepEvery == 0) {
        training.judge();
        training.save(checkpoint);
        journal.keep(training);
      }
    }
  }
}
