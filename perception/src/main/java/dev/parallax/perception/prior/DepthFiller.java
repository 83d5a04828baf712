package dev.parallax.perception.prior;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fills the holes of measured depth from a network that is told what was measured. It looks at some
 * ten pictures a second, beside the frames; what it saw is carried along with the camera until its
 * next answer is there. What was measured stays as it is, to the bit; where too little was, nothing
 * is filled. Agent thread only; owns the network.
 */
public final class DepthFiller implements AutoCloseable {
  /** With less than this share measured, the network would have to guess the picture alone. */
  private static final double LEAST_KNOWN_SHARE = 0.1;

  /** A filled pixel less sure than this tells a reader nothing. */
  private static final double MAX_RELATIVE_STD = 0.5;

  /** Measured depth says how far the world goes; much farther is sky or a guess. */
  private static final double BEYOND = 1.5;

  private static final double FAR_QUANTILE = 0.95;

  /** From one look to the next: a tenth of a second, less what stamps may jitter. */
  private static final double INTERVAL_S = 0.09;

  /** A live camera's result is not held up longer. */
  private static final double LONGEST_WAIT_S = INTERVAL_S / 3;

  private final BackgroundPrior network;
  private final FillErrorScale errorScale = new FillErrorScale();
  private BackgroundPrior.@Nullable Question asked;
  private @Nullable Seen askedAbout;
  private Se3 T_now_asked = Se3.identity();
  private @Nullable Timestamp previous;
  private @Nullable CarriedGuess guess;

  /**
   * A picture and what is known of it.
   *
   * @param rectified without distortion, of {@code camera}; nobody changes it
   * @param grid the camera whose pixels {@code measured} lies on: {@code camera} reduced
   * @param measured NaN where unknown, in any unit; nobody changes it
   * @param T_cur_prev the motion from the picture before, in that unit; empty where nobody knows
   */
  public record Seen(
      Timestamp stamp,
      Picture rectified,
      PinholeCamera camera,
      PinholeCamera grid,
      DepthMap measured,
      Optional<Se3> T_cur_prev) {}

  public DepthFiller(BackgroundPrior network) {
    this.network = network;
  }

  public String name() {
    return network.name();
  }

  /** As {@link DepthPrior#engine}. */
  public String engine() {
    return network.engine();
  }

  /** As {@link DepthPrior#unsuited}. */
  public Optional<String> unsuited(PinholeCamera camera) {
    return network.unsuited(camera);
  }

  /** What comes next has nothing to do with what was seen. */
  public void forget() {
    guess = null;
    askedAbout = null;
  }

  /**
   * Goes on to a picture.
   *
   * @return what was measured with holes filled, in the same unit; std is the network's own, times
   *     what such guesses turned out to be off by
   * @throws PriorException if the network failed
   */
  public DepthMap fill(Seen now) throws PriorException {
    // Where pictures come so seldom there is time to wait for what is seen in each.
    boolean isUnhurried =
        (previous == null || now.stamp.secondsSince(previous) >= INTERVAL_S)
            && network.isWorthWaitingFor(LONGEST_WAIT_S);
    previous = now.stamp;
    carry(now);
    if (asked != null && asked.isReady()) {
      take(asked);
    }
    Known known = Known.of(now.measured);
    if (known == null) {
      forget();
      return now.measured;
    }
    Present present = present(now);
    if (present != null) {
      learn(now, present);
    }
    if (asked == null && isTimeFor(now)) {
      BackgroundPrior.Question question = ask(now, known);
      if (isUnhurried) {
        take(question);
        present = present(now);
      }
    }
    return present == null ? now.measured : filled(now, known, present);
  }

  private @Nullable Present present(Seen now) {
    return guess == null ? null : Present.of(guess, now);
  }

  private void carry(Seen now) {
    if (now.T_cur_prev.isEmpty()) {
      forget();
      return;
    }
    Se3 T_cur_prev = now.T_cur_prev.get();
    T_now_asked = T_cur_prev.times(T_now_asked).normalised();
    guess = guess == null ? null : guess.moved(T_cur_prev);
  }

  private void take(BackgroundPrior.Question question) throws PriorException {
    asked = null;
    PriorDepth answer = question.take();
    if (askedAbout != null) {
      DepthMap measured = askedAbout.measured;
      PriorSampler sampler = new PriorSampler(answer, askedAbout.grid);
      PriorDepth inUnit =
          PriorAlignment.of(sampler, measured.depthM(), answer.meaning()).aligned(answer);
      guess = new CarriedGuess(inUnit, holes(askedAbout, inUnit.grid()), T_now_asked);
    }
  }

  private boolean isTimeFor(Seen now) {
    return askedAbout == null || now.stamp.secondsSince(askedAbout.stamp) >= INTERVAL_S;
  }

  private BackgroundPrior.Question ask(Seen now, Known known) {
    askedAbout = now;
    T_now_asked = Se3.identity();
    // The network thinks in metres; the unit here may be any. In its middle it errs least.
    double toMetres = NetworkInput.middleDepthM() / known.median();
    BackgroundPrior.Question question =
        network.begin(now.rectified, now.camera, () -> told(now, toMetres));
    asked = question;
    return question;
  }

  /** Where nothing was measured, on the network's grid. */
  private static boolean[] holes(Seen seen, PinholeCamera network) {
    boolean[] isHole = new boolean[network.width() * network.height()];
    for (int i = 0; i < isHole.length; i++) {
      isHole[i] = Float.isNaN(seen.measured.depthM()[below(network, i, seen.grid)]);
    }
    return isHole;
  }

  /** The grid pixel that the middle of a network's pixel lies on. */
  private static int below(PinholeCamera network, int pixel, PinholeCamera grid) {
    int u = (2 * (pixel % network.width()) + 1) * grid.width() / (2 * network.width());
    int v = (2 * (pixel / network.width()) + 1) * grid.height() / (2 * network.height());
    return v * grid.width() + u;
  }

  /** What was a hole when the network looked and is measured now says how good such guesses are. */
  private void learn(Seen now, Present guess) {
    PriorDepth guesses = guess.seen.depth();
    double[] errors = new double[guesses.depth().length];
    int n = 0;
    for (int i = 0; i < errors.length; i++) {
      if (guess.seen.isHole()[i]) {
        double measured = now.measured.depthM()[below(guesses.grid(), i, now.grid)];
        double off = Math.abs(Math.log(measured / (guess.unit * guesses.depth()[i])));
        double error = off * guesses.depth()[i] / guesses.std()[i];
        if (error < Double.POSITIVE_INFINITY) {
          errors[n++] = error;
        }
      }
    }
    errorScale.learn(errors, n);
  }

  /**
   * A guess as the present camera sees it.
   *
   * @param unit what multiplies its depth to be measured depth
   */
  private record Present(CarriedGuess.Seen seen, PriorSampler sampler, double unit) {
    static Present of(CarriedGuess guess, Seen now) {
      CarriedGuess.Seen seen = guess.seenNow();
      PriorSampler sampler = new PriorSampler(seen.depth(), now.grid);
      return new Present(seen, sampler, sampler.unit(now.measured.depthM()).orElse(1));
    }
  }

  private DepthMap filled(Seen now, Known known, Present guess) {
    float[] depth = now.measured.depthM().clone();
    float[] std = now.measured.stdM().clone();
    double farthest = BEYOND * known.far();
    double inflation = errorScale.factor();
    for (int i = 0; i < depth.length; i++) {
      if (Float.isNaN(depth[i])) {
        double value = guess.unit / guess.sampler.inverseDepth(i);
        double relativeStd = inflation * guess.sampler.relativeStd(i);
        if (value > 0 && value < farthest && relativeStd < MAX_RELATIVE_STD) {
          depth[i] = (float) value;
          std[i] = (float) (value * relativeStd);
        }
      }
    }
    return new DepthMap(now.measured.width(), now.measured.height(), depth, std);
  }

  /** {@code [height width]} of the picture, 1/m, 0 where unknown. */
  private static float[] told(Seen seen, double toMetres) {
    PinholeCamera camera = seen.camera;
    PinholeCamera grid = seen.grid;
    float[] known = new float[camera.width() * camera.height()];
    for (int v = 0; v < camera.height(); v++) {
      int row = v * grid.height() / camera.height();
      for (int u = 0; u < camera.width(); u++) {
        float value =
            seen.measured.depthM()[row * grid.width() + u * grid.width() / camera.width()];
        boolean usable = value > 0 && value < Float.POSITIVE_INFINITY;
        known[v * camera.width() + u] = usable ? (float) (1 / (value * toMetres)) : 0;
      }
    }
    return known;
  }

  @Override
  public void close() {
    network.close();
  }

  /** What measured depth says of the whole picture. */
  private record Known(double median, double far) {
    /** Null where too little is measured to say anything. */
    static @Nullable Known of(DepthMap measured) {
      float[] depth = measured.depthM();
      int step = PriorSampler.samplingStep(depth.length);
      double[] known = new double[depth.length / step + 1];
      int n = 0;
      for (int i = 0; i < depth.length; i += step) {
        float value = depth[i];
        if (value > 0 && value < Float.POSITIVE_INFINITY) {
          known[n++] = value;
        }
      }
      return n < Math.max(1, LEAST_KNOWN_SHARE * known.length)
          ? null
          : new Known(
              OrderStatistic.median(known, n),
              OrderStatistic.select(known, n, (int) (FAR_QUANTILE * (n - 1))));
    }
  }
}
