package dev.parallax.sim.eval.depth;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.sim.eval.Estimates;
import dev.parallax.sim.eval.EvaluationException;
import dev.parallax.sim.eval.GroundTruth;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads estimated and true depth side by side, a frame at a time, as often as is wanted. */
final class DepthFrames {
  private final Estimates estimates;
  private final GroundTruth truth;
  private final PinholeCamera truthCamera;
  private @Nullable TruthSampler sampler;

  DepthFrames(Estimates estimates, GroundTruth truth, PinholeCamera truthCamera) {
    this.estimates = estimates;
    this.truth = truth;
    this.truthCamera = truthCamera;
  }

  /**
   * Gives every frame that has both depths, in order; frames are not kept.
   *
   * @throws EvaluationException if a depth picture is not as large as its camera says
   */
  void forEach(Consumer<DepthFrame> consumer) {
    for (Timestamp stamp : estimates.depthStamps()) {
      read(stamp).ifPresent(consumer);
    }
  }

  private Optional<DepthFrame> read(Timestamp stamp) {
    DepthMap known = truth.depth(stamp);
    DepthMap estimate = known == null ? null : estimates.depth(stamp);
    if (known == null || estimate == null) {
      return Optional.empty();
    }
    TruthSampler onGrid = sampler(estimate);
    return Optional.of(
        new DepthFrame(
            stamp,
            onGrid.grid(),
            estimate.depthM(),
            estimate.stdM(),
            onGrid.sample(known.depthM())));
  }

  private TruthSampler sampler(DepthMap estimate) {
    if (sampler == null) {
      sampler =
          TruthSampler.between(
              truthCamera, estimates.depthCamera(), estimate.width(), estimate.height());
    }
    PinholeCamera grid = sampler.grid();
    if (estimate.width() != grid.width() || estimate.height() != grid.height()) {
      throw new EvaluationException(
          "depth changes its size from %dx%d to %dx%d; run replay again"
              .formatted(grid.width(), grid.height(), estimate.width(), estimate.height()));
    }
    return sampler;
  }
}
