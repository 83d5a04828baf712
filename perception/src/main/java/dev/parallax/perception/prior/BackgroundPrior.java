package dev.parallax.perception.prior;

import dev.parallax.perception.concurrent.BackgroundJob;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.PinholeCamera;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A network that is asked for the depth of single pictures, one at a time beside the frames. Agent
 * thread only; owns the network.
 */
public final class BackgroundPrior implements AutoCloseable {
  private final DepthPrior prior;
  private final boolean isPatient;
  private final LongSupplier nanoClock;
  private final BackgroundJob<Answer> job = new BackgroundJob<>("parallax-prior");
  private @Nullable Question current;
  private long lastTookNs = Long.MAX_VALUE;

  /**
   * What came of a picture.
   *
   * @param depth null where the network failed
   * @param failure why it did, in words
   * @param tookNs how long it looked
   */
  private record Answer(@Nullable PriorDepth depth, @Nullable String failure, long tookNs) {}

  /** A picture that the network was asked about; given up as soon as another one is. */
  public final class Question {
    private Question() {}

    /** Whether the answer may be taken: it is there, or there is patience to wait. */
    public boolean isReady() {
      return current == this && (isPatient || job.isDone());
    }

    /** Whether no answer will come: it was taken, or another picture was asked about. */
    public boolean isOver() {
      return current != this;
    }

    /**
     * Waits for the answer and takes it.
     *
     * @throws PriorException if the network failed
     * @throws IllegalStateException if it {@link #isOver}
     */
    public PriorDepth take() throws PriorException {
      if (isOver()) {
        throw new IllegalStateException("Another picture was asked about, or the answer taken");
      }
      current = null;
      Answer answer = job.take();
      lastTookNs = answer.tookNs;
      if (answer.depth == null) {
        throw new PriorException(String.valueOf(answer.failure));
      }
      return answer.depth;
    }
  }

  /**
   * @param prior closed with this
   * @param isPatient whether an answer that is late is waited for: a replay does and is
   *     deterministic, a live camera takes it when it is there
   * @param nanoClock any thread may ask it
   */
  public BackgroundPrior(DepthPrior prior, boolean isPatient, LongSupplier nanoClock) {
    this.prior = prior;
    this.isPatient = isPatient;
    this.nanoClock = nanoClock;
  }

  public String name() {
    return prior.name();
  }

  /** As {@link DepthPrior#engine}. */
  public String engine() {
    return prior.engine();
  }

  /** As {@link DepthPrior#metricRelativeStd}. */
  public OptionalDouble metricRelativeStd() {
    return prior.metricRelativeStd();
  }

  /** As {@link DepthPrior#unsuited}. */
  public Optional<String> unsuited(PinholeCamera camera) {
    return prior.unsuited(camera);
  }

  /**
   * Whether there is time to wait for an answer: always with patience, else where the last one that
   * was taken came soon enough.
   *
   * @param withinS so many seconds from its question
   */
  public boolean isWorthWaitingFor(double withinS) {
    return isPatient || lastTookNs < 1e9 * withinS;
  }

  /**
   * Begins to look at a picture; what was asked before is given up.
   *
   * @param rectified a picture without distortion, of {@code camera}, that nobody changes
   */
  public Question begin(Picture rectified, PinholeCamera camera) {
    return begin(() -> prior.estimate(rectified, camera, null));
  }

  /**
   * As the other, with something known of the picture already.
   *
   * @param knownInverseDepth asked beside the frames; see {@link DepthPrior#estimate}
   */
  public Question begin(
      Picture rectified, PinholeCamera camera, Supplier<float[]> knownInverseDepth) {
    return begin(() -> prior.estimate(rectified, camera, knownInverseDepth.get()));
  }

  private interface Look {
    PriorDepth answer() throws PriorException;
  }

  private Question begin(Look look) {
    abandon();
    Question question = new Question();
    current = question;
    job.begin(() -> answer(look));
    return question;
  }

  private Answer answer(Look look) {
    long startNs = nanoClock.getAsLong();
    PriorDepth depth = null;
    String failure = null;
    try {
      depth = look.answer();
    } catch (PriorException e) {
      failure = e.getMessage();
    }
    return new Answer(depth, failure, nanoClock.getAsLong() - startNs);
  }

  private void abandon() {
    if (current != null) {
      current = null;
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
