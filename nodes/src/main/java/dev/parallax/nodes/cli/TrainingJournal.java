package dev.parallax.nodes.cli;

import dev.parallax.sim.training.DepthTraining;
import dev.parallax.sim.training.TrainingFigures;
import dev.parallax.sim.training.TrainingProgress;
import dev.parallax.sim.training.TrainingRecipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Shows a training's progress and writes down its recipe, its curve and its network. */
final class TrainingJournal implements TrainingProgress, AutoCloseable {
  static final String MODEL = "depth.onnx";
  private static final String CURVE_HEAD =
      "step,minutes,loss,abs_rel,abs_rel_scaled,delta1_scaled,abs_rel_known,one_sigma\n";

  private final Path folder;
  private final long startNs = System.nanoTime();
  private @Nullable ProgressBar bar;
  private long first;
  private double loss = Double.NaN;

  TrainingJournal(Path folder) {
    this.folder = folder;
  }

  void begin(DepthTraining training) throws IOException {
    closeBar();
    TrainingRecipe recipe = training.recipe();
    Files.writeString(folder.resolve("recipe.yaml"), yaml(recipe, training.parameterCount()));
    first = training.step();
    bar = ProgressBar.onStandardError("train", "steps", OptionalLong.of(recipe.steps() - first));
  }

  private static String yaml(TrainingRecipe recipe, long parameters) {
    return """
        seed: %d
        width: %d
        height: %d
        steps: %d
        batch: %d
        fresh_views_a_step: %d
        pool_views: %d
        first_views: %d
        rate: %s
        weight_decay: %s
        parameters: %d
        """
        .formatted(
            recipe.seed(),
            recipe.width(),
            recipe.height(),
            recipe.steps(),
            recipe.batch(),
            recipe.fresh(),
            recipe.pool(),
            recipe.firstViews(),
            recipe.rate(),
            recipe.weightDecay(),
            parameters);
  }

  @Override
  public void drawing(int views, int of) {
    if (bar == null) {
      bar = ProgressBar.onStandardError("draw", "views", OptionalLong.of(of));
    }
    bar.update(views);
  }

  @Override
  public void learned(long step, long of, double meanLoss) {
    loss = meanLoss;
    if (bar != null) {
      bar.update(step - first);
    }
  }

  @Override
  public void judged(long step, TrainingFigures figures) {
    double minutes = (System.nanoTime() - startNs) / 60e9;
    String row =
        String.format(
            Locale.ROOT,
            "%d,%.1f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f%n",
            step,
            minutes,
            loss,
            figures.absRel(),
            figures.absRelScaled(),
            figures.delta1Scaled(),
            figures.absRelKnown(),
            figures.oneSigma());
    Path curve = folder.resolve("curve.csv");
    try {
      if (!Files.exists(curve)) {
        Files.writeString(curve, CURVE_HEAD);
      }
      Files.writeString(curve, row, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(curve.toString(), e);
    }
    if (bar != null) {
      bar.println(
          String.format(
              Locale.ROOT,
              "train  step %d: loss %.3f, AbsRel %.3f, after scale %.3f, with known depth %.3f",
              step,
              loss,
              figures.absRel(),
              figures.absRelScaled(),
              figures.absRelKnown()));
    }
  }

  /** Leaves the network as it is now, whole or not at all. */
  void keep(DepthTraining training) throws IOException {
    Path partial = folder.resolve(MODEL + ".part");
    Files.write(partial, training.onnx());
    Files.move(partial, folder.resolve(MODEL), StandardCopyOption.REPLACE_EXISTING);
  }

  private void closeBar() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  @Override
  public void close() {
    closeBar();
  }
}
