package dev.parallax.sim.training;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.parallax.perception.prior.NetworkInput;
import dev.parallax.perception.prior.PriorException;
import dev.parallax.perception.prior.TorchRuntime;
import dev.parallax.sim.scene.TrainingViews;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One training under way. The same recipe makes the same steps; it may be left after any step and
 * gone on with from a {@link Checkpoint}. Owns native memory; one thread.
 */
public final class DepthTraining implements AutoCloseable {
  private static final int VALIDATION_VIEWS = 48;
  private static final int UNFOLDING_VIEWS = 32;

  private final TrainingRecipe recipe;
  private final TrainingProgress progress;
  private final Model model;
  private final DepthNetwork network;
  private final NDManager manager;
  private final ParameterStore parameters;
  private final AdamW optimizer;
  private final SamplePool pool;
  private @Nullable Validation validation;
  private final TrainingBatch batch;
  private long step;

  private DepthTraining(TrainingRecipe recipe, TrainingProgress progress, Loaded loaded) {
    this.recipe = recipe;
    this.progress = progress;
    model = loaded.model();
    network = loaded.network();
    optimizer = loaded.optimizer();
    step = loaded.step();
    manager = model.getNDManager();
    parameters = new ParameterStore(manager, false);
    TrainingViews views = new TrainingViews(recipe.width(), recipe.height(), recipe.seed());
    long drawn = recipe.viewsDrawn(step);
    int wanted = (int) Math.min(drawn, recipe.pool());
    pool = new SamplePool(views, recipe.pool(), drawn, made -> progress.drawing(made, wanted));
    batch = new TrainingBatch(views.view(0).camera(), recipe.batch());
  }

  /** A network with its optimizer, where it stands. */
  record Loaded(Model model, DepthNetwork network, AdamW optimizer, long step) {}

  /**
   * Begins with random weights.
   *
   * @throws TrainingException if PyTorch cannot be started
   */
  public static DepthTraining begin(TrainingRecipe recipe, TrainingProgress progress)
      throws TrainingException {
    engine().setRandomSeed((int) recipe.seed());
    return new DepthTraining(recipe, progress, fresh(recipe));
  }

  /**
   * Begins with the weights that another training came to, and a recipe of its own.
   *
   * @throws TrainingException if the checkpoint cannot be read or PyTorch cannot be started
   */
  public static DepthTraining beginFrom(
      Checkpoint weights, TrainingRecipe recipe, TrainingProgress progress)
      throws TrainingException {
    engine();
    Loaded known = weights.load(fresh(recipe));
    AdamW unmoved =
        new AdamW(
            known.model().getNDManager(), known.network().getParameters(), recipe.weightDecay());
    return new DepthTraining(
        recipe, progress, new Loaded(known.model(), known.network(), unmoved, 0));
  }

  /**
   * Begins with the weights of a file, and a recipe of its own.
   *
   * @param onnx as {@link #onnx} writes it
   * @param name of the file, for messages
   * @throws TrainingException if it is none of Parallax's own or PyTorch cannot be started
   */
  public static DepthTraining beginFrom(
      byte[] onnx, String name, TrainingRecipe recipe, TrainingProgress progress)
      throws TrainingException {
    engine();
    DepthTraining training =
        new DepthTraining(
            recipe,
            progress,
            OnnxImport.load(onnx, name, recipe.width(), recipe.height(), recipe.weightDecay()));
    training.unfold();
    return training;
  }

  /** Asks the network's normalisations for the statistics of pictures to learn from. */
  private void unfold() {
    Random random = new Random(recipe.seed());
    TrainingBatch some = new TrainingBatch(pool.any(random).camera(), UNFOLDING_VIEWS);
    fill(some, UNFOLDING_VIEWS, random);
    try (NDManager scope = manager.newSubManager()) {
      network.unfold(parameters, some.input(scope));
    }
  }

  /**
   * Goes on where a training of the same recipe was left.
   *
   * @throws TrainingException if the checkpoint cannot be read or is of another recipe
   */
  public static DepthTraining resume(Checkpoint from, TrainingProgress progress)
      throws TrainingException {
    TrainingRecipe recipe = from.recipe();
    engine();
    return new DepthTraining(recipe, progress, from.load(fresh(recipe)));
  }

  static Engine engine() throws TrainingException {
    try {
      return TorchRuntime.start(1);
    } catch (PriorException e) {
      throw new TrainingException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Loaded fresh(TrainingRecipe recipe) {
    return fresh(recipe.width(), recipe.height(), recipe.weightDecay());
  }

  /** A network with random weights. The engine must have been started. */
  static Loaded fresh(int width, int height, double weightDecay) {
    Model model = DepthNetwork.model();
    DepthNetwork network = (DepthNetwork) model.getBlock();
    NDManager manager = model.getNDManager();
    network.initialize(
        manager, DataType.FLOAT32, new Shape(1, NetworkInput.CHANNELS, height, width));
    AdamW optimizer = new AdamW(manager, network.getParameters(), weightDecay);
    return new Loaded(model, network, optimizer, 0);
  }

  public TrainingRecipe recipe() {
    return recipe;
  }

  /** Steps done. */
  public long step() {
    return step;
  }

  public boolean isDone() {
    return step >= recipe.steps();
  }

  /** How many numbers the network learns. */
  public long parameterCount() {
    return network.getParameters().stream()
        .filter(named -> named.getValue().requiresGradient())
        .mapToLong(named -> named.getValue().getShape().size())
        .sum();
  }

  /** Learns for some steps, or to the end if that is nearer. */
  public void learn(long steps) {
    long until = Math.min(recipe.steps(), step + steps);
    double sum = 0;
    long counted = 0;
    while (step < until) {
      sum += learnOnce();
      counted++;
      step++;
    }
    progress.learned(step, recipe.steps(), sum / Math.max(1, counted));
  }

  private double learnOnce() {
    pool.add(recipe.fresh());
    Random random = new Random(recipe.seed() * 0x9E3779B97F4A7C15L + step);
    fill(batch, recipe.batch(), random);
    double value;
    try (NDManager scope = manager.newSubManager()) {
      NDArray truth = batch.truth(scope);
      try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        NDArray loss = DepthLoss.of(run(batch.input(scope), true), truth);
        collector.backward(loss);
        value = loss.getFloat();
      }
    }
    optimizer.update(step + 1, recipe.rateAt(step));
    return value;
  }

  private void fill(TrainingBatch into, int count, Random random) {
    for (int i = 0; i < count; i++) {
      TrainingSample sample = pool.any(random);
      into.put(i, sample, KnownDepth.draw(sample, random));
    }
  }

  private NDArray run(NDArray input, boolean training) {
    return network.forward(parameters, new NDList(input), training).singletonOrThrow();
  }

  /** Judges on views of another seed. */
  public TrainingFigures judge() {
    Validation judge = validation == null ? new Validation(recipe, VALIDATION_VIEWS) : validation;
    validation = judge;
    TrainingFigures figures = judge.judge(manager, input -> run(input, false));
    progress.judged(step, figures);
    return figures;
  }

  /** What the network says to one input of any size, {@code [2 height/2 width/2]}. */
  float[] answer(float[] input, int width, int height) {
    try (NDManager scope = manager.newSubManager()) {
      Shape shape = new Shape(1, NetworkInput.CHANNELS, height, width);
      return run(scope.create(input, shape), false).toFloatArray();
    }
  }

  /** The network as it is now, as an ONNX file. */
  public byte[] onnx() {
    return OnnxExport.bytes(
        network,
        Map.of(
            "parallax.input",
            "grey, ray x, ray y, known log inverse depth, mask",
            "parallax.output",
            "log inverse depth (1/m), log Laplace scale",
            "parallax.seed",
            Long.toString(recipe.seed()),
            "parallax.steps",
            step + " of " + recipe.steps()));
  }

  /**
   * Leaves what {@link #resume} needs.
   *
   * @throws TrainingException if it cannot be written
   */
  public void save(Checkpoint to) throws TrainingException {
    to.save(recipe, new Loaded(model, network, optimizer, step));
  }

  @Override
  public void close() {
    model.close();
  }
}
