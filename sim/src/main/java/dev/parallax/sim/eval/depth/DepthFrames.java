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
      sampler = new TruthSampler(truthCamera, grid(estimate));
    }
    PinholeCamera grid = sampler.grid();
    if (estimate.width() != grid.width() || estimate.height() != grid.height()) {
      throw new EvaluationException(
          "depth is %dx%d but its camera %dx%d; run replay again"
              .formatted(estimate.width(), estimate.height(), grid.width(), grid.height()));
    }
    return sampler;
  }

  /** The estimate's own camera where it left one, else the true one reduced to its size. */
  private PinholeCamera grid(DepthMap estimate) {
    PinholeCamera own = estimates.depthCamera();
    if (own != null) {
      return own;
    }
    int stride = Math.max(1, truthCamera.width() / estimate.width());
    return truthCamera.reducedBy(stride);
  }
}
