package dev.parallax.nodes.model;

import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.prior.DepthPrior;
import dev.parallax.perception.prior.NetworkPlace;
import dev.parallax.perception.prior.PriorDepth;
import dev.parallax.perception.prior.PriorException;
import dev.parallax.perception.prior.UserFlow;
import dev.parallax.sim.eval.depth.PerFrameDepthEvaluation;
import dev.parallax.sim.eval.depth.TruthSampler;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Runs a network on pictures whose depth is known and says what is wrong with its answers. */
public final class ModelCheck {
  private static final int TIMED_RUNS = 10;
  private static final int WIDTH = 320;
  private static final int HEIGHT = 240;
  private static final int[] FRAMES = {0, 40, 90};

  /** Less agreement between the orders of answer and truth than this is no agreement. */
  private static final double LEAST_CORRELATION = 0.15;

  private final String file;
  private final List<String> complaints = new ArrayList<>();
  private final List<String> facts = new ArrayList<>();

  private ModelCheck(String file) {
    this.file = file;
  }

  /**
   * @param facts what was found, a line each
   * @param complaints what is wrong, a line each with the file; empty for a usable network
   */
  public record Report(List<String> facts, List<String> complaints) {}

  /** Never throws for a bad file: what is wrong is in the report. */
  public static Report of(String file, int threads) {
    if (Models.isFlow(Path.of(file))) {
      return ofFlow(Path.of(file), threads);
    }
    ModelCheck check = new ModelCheck(file);
    try (DepthPrior prior = Models.named(file, NetworkPlace.cpu(threads))) {
      check.run(prior);
    } catch (ModelException e) {
      check.complaints.add(String.valueOf(e.getMessage()));
    } catch (PriorException e) {
      check.complain(String.valueOf(e.getMessage()));
    }
    return new Report(List.copyOf(check.facts), List.copyOf(check.complaints));
  }

  private static Report ofFlow(Path yaml, int threads) {
    try (UserFlow network = Models.openFlow(yaml, NetworkPlace.cpu(threads))) {
      return FlowModelCheck.of(network);
    } catch (ModelException e) {
      return new Report(List.of(), List.of(String.valueOf(e.getMessage())));
    } catch (PriorException e) {
      return new Report(List.of(), List.of("%s: %s".formatted(yaml, e.getMessage())));
    }
  }

  private void complain(String what) {
    complaints.add(what.startsWith(file) ? what : file + ": " + what);
  }

  private void run(DepthPrior prior) throws PriorException {
    PerFrameDepthEvaluation evaluation = new PerFrameDepthEvaluation();
    PriorDepth last = null;
    double correlation = 0;
    PinholeCamera camera = SimulationConfig.pinhole(WIDTH, HEIGHT);
    try (SimulatedSequence room =
        SimulatedSequence.of(
            Scenes.named("room"), SimulationConfig.defaults(1, 100, 10).withSize(WIDTH, HEIGHT))) {
      for (int index : FRAMES) {
        SimulatedFrame frame = room.frame(index);
        last = prior.estimate(frame.frame().picture(), camera, null);
        float[] truthM = new TruthSampler(camera, last.grid()).sample(frame.depth().depthM());
        correlation += rankCorrelation(last.depth(), truthM) / FRAMES.length;
        evaluation.add(new Timestamp(index), last.grid(), last.depth(), last.std(), truthM);
      }
      if (last != null) {
        describe(last, evaluation, correlation);
        time(prior, room.frame(FRAMES[0]).frame().picture(), camera);
      }
    }
    black(prior, camera);
  }

  private void describe(PriorDepth last, PerFrameDepthEvaluation evaluation, double correlation) {
    facts.add(
        "answers with %dx%d pixels, %s"
            .formatted(
                last.grid().width(),
                last.grid().height(),
                last.meaning().name().toLowerCase(Locale.ROOT).replace('_', ' ')));
    if (isConstant(last.depth())) {
      complain("answers with the same number everywhere; it is broken or wants other input");
      return;
    }
    if (correlation < -LEAST_CORRELATION) {
      complain(
          "near and far are exchanged (rank correlation with true depth %.2f); set output to"
                  .formatted(correlation)
              + " relative_inverse_depth for larger-is-nearer, a depth otherwise");
      return;
    }
    if (correlation < LEAST_CORRELATION) {
      complain(
          "says nothing of depth on a simulated room (rank correlation %.2f); check colours, mean"
                  .formatted(correlation)
              + " and std");
      return;
    }
    facts.add("rank correlation with true depth of a simulated room %.2f".formatted(correlation));
    if (last.meaning() != PriorDepth.Meaning.UP_TO_SCALE_AND_SHIFT) {
      PerFrameDepthEvaluation.Result result = evaluation.result();
      facts.add(
          String.format(
              Locale.ROOT,
              "simulated room: AbsRel %.3f as given, %.3f at each picture's scale",
              result.asGiven().absRel(),
              result.frameScale().absRel()));
    }
  }

  private void time(DepthPrior prior, Picture picture, PinholeCamera camera) throws PriorException {
    double[] milliseconds = new double[TIMED_RUNS];
    for (int i = 0; i < TIMED_RUNS; i++) {
      long start = System.nanoTime();
      PriorDepth unused = prior.estimate(picture, camera, null);
      milliseconds[i] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(milliseconds);
    facts.add(
        String.format(
            Locale.ROOT,
            "%.1f ms a picture in the median of %d",
            milliseconds[TIMED_RUNS / 2],
            TIMED_RUNS));
  }

  /** A covered lens must not make it fail. */
  private void black(DepthPrior prior, PinholeCamera camera) {
    byte[] nothing = new byte[3 * camera.width() * camera.height()];
    try {
      PriorDepth unused =
          prior.estimate(
              new Picture(camera.width(), camera.height(), Picture.Format.BGR8, nothing),
              camera,
              null);
      facts.add("takes a black picture");
    } catch (PriorException e) {
      complain("fails on a black picture: " + e.getMessage());
    }
  }

  private static boolean isConstant(float[] values) {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      if (!Float.isNaN(value)) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
    return !(most - least > 1e-5 * Math.abs(most));
  }

  /** Spearman's, over a sample of the pixels where both are known. */
  private static double rankCorrelation(float[] a, float[] b) {
    List<Integer> both = new ArrayList<>();
    int step = Math.max(1, a.length / 2000);
    for (int i = 0; i < a.length; i += step) {
      if (!Float.isNaN(a[i]) && b[i] > 0) {
        both.add(i);
      }
    }
    if (both.size() < 10) {
      return 0;
    }
    double[] ra = ranks(both, a);
    double[] rb = ranks(both, b);
    double mean = (both.size() - 1) / 2.0;
    double covariance = 0;
    double va = 0;
    double vb = 0;
    for (int i = 0; i < ra.length; i++) {
      covariance += (ra[i] - mean) * (rb[i] - mean);
      va += (ra[i] - mean) * (ra[i] - mean);
      vb += (rb[i] - mean) * (rb[i] - mean);
    }
    return covariance / Math.sqrt(va * vb);
  }

  private static double[] ranks(List<Integer> at, float[] values) {
    Integer[] order = new Integer[at.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (i, k) -> Float.compare(values[at.get(i)], values[at.get(k)]));
    double[] ranks = new double[order.length];
    for (int i = 0; i < order.length; i++) {
      ranks[order[i]] = i;
    }
    return ranks;
  }
}
