package dev.parallax.sim.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.prior.NetworkInput;
import dev.parallax.sim.scene.TrainingViews;
import dev.parallax.sim.training.ViewNeighbours.Linked;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Refines a network on a recording without true depth: on what the pipeline triangulated there, and
 * on where the pictures' pixels are found again in neighbouring ones. The network is told nothing,
 * or part of the triangulated depth, as in training. Its normalisations stay as they are. Owns
 * native memory; one thread.
 */
public final class DepthAdaptation implements AutoCloseable {
  private static final double WEIGHT_DECAY = 0.01;

  /** A picture to make a network for that no picture is put to yet. */
  private static final int LEAST_WIDTH = 128;

  private static final int LEAST_HEIGHT = 96;

  private final AdaptationRecipe recipe;
  private final AdaptationProgress progress;
  private final DepthTraining.Loaded state;
  private final NDManager manager;
  private final ParameterStore parameters;
  private final ClipLessons lessons;
  private final Map<Integer, Double> metresPerUnit = new HashMap<>();
  private final List<TrainingSample> simulated = new ArrayList<>();
  private final AdaptationBatch batch;
  private final AdaptationJudge judge;
  private long stepsKept;

  private DepthAdaptation(
      DepthTraining.Loaded state,
      ClipLessons lessons,
      AdaptationRecipe recipe,
      AdaptationProgress progress) {
    this.recipe = recipe;
    this.progress = progress;
    this.state = state;
    this.lessons = lessons;
    manager = state.model().getNDManager();
    parameters = new ParameterStore(manager, false);
    batch = new AdaptationBatch(camera(lessons), recipe.batch());
    judge = new AdaptationJudge(manager, this::run);
  }

  private static PinholeCamera camera(ClipLessons lessons) {
    return lessons.learned().get(0).view().sample().camera();
  }

  /**
   * Looks whether a network can be refined at all, before a recording is played for it.
   *
   * @throws TrainingException if it is none of Parallax's own, or PyTorch cannot be started
   */
  public static void check(byte[] onnx, String name) throws TrainingException {
    DepthTraining.engine();
    OnnxImport.load(onnx, name, LEAST_WIDTH, LEAST_HEIGHT, WEIGHT_DECAY).model().close();
  }

  /**
   * Makes ready to learn.
   *
   * @param onnx the network to begin with, as {@link DepthTraining#onnx} writes it
   * @param name of the network, for messages
   * @param recording its name, for messages
   * @param kernels used until this returns
   * @throws TrainingException if the network is none of Parallax's own, the recording shows too
   *     little parallax, or PyTorch cannot be started
   */
  public static DepthAdaptation begin(
      byte[] onnx,
      String name,
      MeasuredClip clip,
      String recording,
      PerceptionKernels kernels,
      AdaptationRecipe recipe,
      AdaptationProgress progress)
      throws TrainingException {
    long steps = clip.views().size() + recipe.viewsDrawn();
    ClipLessons lessons =
        ClipLessons.of(
            recording,
            clip,
            kernels,
            recipe.heldOutShare(),
            done -> progress.preparing(done, steps));
    DepthTraining.engine().setRandomSeed((int) recipe.seed());
    PinholeCamera camera = camera(lessons);
    DepthTraining.Loaded state =
        OnnxImport.load(onnx, name, camera.width(), camera.height(), WEIGHT_DECAY);
    DepthAdaptation adaptation = new DepthAdaptation(state, lessons, recipe, progress);
    adaptation.drawSimulated(clip.views().size(), steps);
    adaptation.findUnits(clip);
    return adaptation;
  }

  private void drawSimulated(long done, long of) {
    PinholeCamera camera = camera(lessons);
    TrainingViews views = new TrainingViews(camera.width(), camera.height(), recipe.seed());
    for (int i = 0; i < recipe.viewsDrawn(); i++) {
      simulated.add(TrainingSample.of(views.view(i)));
      progress.preparing(done + i + 1, of);
    }
  }

  /** Where nothing tells metres, the network's own idea of them is kept, in the median. */
  private void findUnits(MeasuredClip clip) {
    Map<Integer, List<Double>> guesses = new HashMap<>();
    for (Linked lesson : lessons.learned()) {
      MeasuredView view = lesson.view();
      double told = clip.metresPerUnit(view);
      double metres = told > 0 && told < 1e6 ? told : judge.metresPerUnit(view);
      guesses.computeIfAbsent(view.unit(), unit -> new ArrayList<>()).add(metres);
    }
    guesses.forEach(
        (unit, all) -> {
          double[] values = all.stream().mapToDouble(Double::doubleValue).toArray();
          metresPerUnit.put(unit, OrderStatistic.median(values, values.length));
        });
  }

  /** How many views are learned from. */
  public int learnedViews() {
    return lessons.learned().size();
  }

  /**
   * Learns all steps of the recipe, looking now and then at views that are not learned from: the
   * network that was best there is kept, since a short recording is soon learned by heart.
   */
  public void learn() {
    WeightAverage average = new WeightAverage(manager, state.network().getParameters());
    byte[] best = onnx();
    double least = misfit();
    for (long step = 0; step < recipe.steps(); step++) {
      double loss = learnOnce(step);
      average.add();
      progress.learned(step + 1, recipe.steps(), loss);
      if ((step + 1) % recipe.stepsALook() == 0 || step + 1 == recipe.steps()) {
        average.swap();
        double misfit = misfit();
        if (misfit < least) {
          least = misfit;
          stepsKept = step + 1;
          best = onnx();
        }
        average.swap();
      }
    }
    OnnxImport.into(state.network(), best);
  }

  /** How badly it does on the views that choose, told nothing and told half alike. */
  private double misfit() {
    AdaptationFigures figures = judge.judge(lessons.choosing());
    return figures.absRel() + figures.absRelKnown();
  }

  /** After how many steps the network was kept; 0 if learning made it no better. */
  public long stepsKept() {
    return stepsKept;
  }

  private double learnOnce(long step) {
    Random random = new Random(recipe.seed() * 0x9E3779B97F4A7C15L + step);
    for (int i = 0; i < recipe.batch(); i++) {
      if (i < recipe.simulated()) {
        TrainingSample sample = simulated.get(random.nextInt(simulated.size()));
        TrainingSample seen = random.nextBoolean() ? sample.mirrored() : sample;
        batch.putSimulated(i, seen, KnownDepth.draw(seen, random));
      } else {
        put(i, lessons.learned().get(random.nextInt(lessons.learned().size())), random);
      }
    }
    double value;
    try (NDManager scope = manager.newSubManager()) {
      AdaptationLoss.Goal goal = batch.goal(scope);
      try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        NDArray loss = AdaptationLoss.of(run(batch.input(scope)), goal);
        collector.backward(loss);
        value = loss.getFloat();
      }
    }
    state.optimizer().update(step + 1, recipe.rateAt(step));
    return value;
  }

  private void put(int place, Linked lesson, Random random) {
    Lesson seen = random.nextBoolean() ? Lesson.of(lesson).mirrored() : Lesson.of(lesson);
    Lesson part = seen.cropped(random);
    float[] known = KnownDepth.draw(part.sample(), random);
    double metres = metresPerUnit.getOrDefault(lesson.view().unit(), 1.0);
    if (isTold(known)) {
      // As DepthFiller tells it: brought to the middle of what the network knows.
      metres = NetworkInput.middleDepthM() * AdaptationJudge.medianInverse(lesson.view());
      divide(known, metres);
    }
    float[] inverse = part.sample().inverseDepth().clone();
    divide(inverse, metres);
    TrainingSample inMetres =
        new TrainingSample(part.sample().camera(), part.sample().grey8(), inverse);
    batch.put(place, inMetres, known, part.weight(), part.flows(), metres);
  }

  private static boolean isTold(float[] known) {
    for (float value : known) {
      if (value > 0) {
        return true;
      }
    }
    return false;
  }

  private static void divide(float[] values, double by) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (values[i] / by);
    }
  }

  private NDArray run(NDArray input) {
    return state.network().forward(parameters, new NDList(input), false).singletonOrThrow();
  }

  /** Judges on the end of the recording, which neither teaches nor chooses. */
  public AdaptationFigures judge() {
    return judge.judge(lessons.judging());
  }

  /** What the network says to one input, {@code [2 height/2 width/2]}. */
  float[] answer(float[] input, int width, int height) {
    try (NDManager scope = manager.newSubManager()) {
      Shape shape = new Shape(1, NetworkInput.CHANNELS, height, width);
      return run(scope.create(input, shape)).toFloatArray();
    }
  }

  /** The network as it is now, as an ONNX file. */
  public byte[] onnx() {
    return OnnxExport.bytes(
        state.network(),
        Map.of(
            "parallax.input",
            "grey, ray x, ray y, known log inverse depth, mask",
            "parallax.output",
            "log inverse depth (1/m), log Laplace scale",
            "parallax.adapted",
            "%d steps on %d views".formatted(stepsKept, learnedViews())));
  }

  @Override
  public void close() {
    state.model().close();
  }
}
