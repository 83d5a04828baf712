package dev.parallax.perception.prior;

import dev.parallax.perception.concurrent.BackgroundJob;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.PinholeCamera;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A network that is asked for the metres of single pictures, one at a time beside the frames. Agent
 * thread only; owns the network.
 */
public final class MetricPrior implements AutoCloseable {
  private final DepthPrior prior;
  private final boolean isPatient;
  private final double relativeStd;
  private final BackgroundJob<Answer> job = new BackgroundJob<>("parallax-metres");

  /**
   * What came of a picture.
   *
   * @param depth null where the network failed
   * @param failure why it did, in words
   */
  private record Answer(@Nullable PriorDepth depth, @Nullable String failure) {}

  /**
   * @param prior closed with this, and at once if it tells no metres
   * @param isPatient whether an answer that is late is waited for: a replay does and is
   *     deterministic, a live camera takes it when it is there
   * @throws IllegalArgumentException if the network tells no metres
   */
  public static MetricPrior of(DepthPrior prior, boolean isPatient) {
    OptionalDouble relativeStd = prior.metricRelativeStd();
    if (relativeStd.isEmpty()) {
      prior.close();
      throw new IllegalArgumentException(
          prior.name() + " tells no metres: its output is relative; give a metric network");
    }
    return new MetricPrior(prior, isPatient, relativeStd.getAsDouble());
  }

  private MetricPrior(DepthPrior prior, boolean isPatient, double relativeStd) {
    this.prior = prior;
    this.isPatient = isPatient;
    this.relativeStd = relativeStd;
  }

  public String name() {
    return prior.name();
  }

  /** As {@link DepthPrior#metricRelativeStd}. */
  public double relativeStd() {
    return relativeStd;
  }

  /** As {@link DepthPrior#unsuited}. */
  public Optional<String> unsuited(PinholeCamera camera) {
    return prior.unsuited(camera);
  }

  /**
   * Begins to look at a picture; what was asked before is forgotten.
   *
   * @param rectified a picture without distortion, of {@code camera}, that nobody changes
   */
  public void begin(Picture rectified, PinholeCamera camera) {
    abandon();
    job.begin(() -> answer(rectified, camera));
  }

  private Answer answer(Picture rectified, PinholeCamera camera) {
    try {
      return new Answer(prior.estimate(rectified, camera, null), null);
    } catch (PriorException e) {
      return new Answer(null, e.getMessage());
    }
  }

  /** Whether the answer may be taken: it is there, or there is patience to wait. */
  public boolean isReady() {
    return job.isPending() && (isPatient || job.isDone());
  }

  /**
   * Waits for the answer and takes it.
   *
   * @throws PriorException if the network failed
   */
  public PriorDepth take() throws PriorException {
    Answer answer = job.take();
    if (answer.depth == null) {
      throw new PriorException(String.valueOf(answer.failure));
    }
    return answer.depth;
  }

  /** Lets go of what was asked. */
  public void abandon() {
    if (job.isPending()) {
      Answer unused = job.take();
    }
  }

  @Override
  public void close() {
    abandon(); // a network may not be closed under way
    job.close();
    prior.close();
  }
}
