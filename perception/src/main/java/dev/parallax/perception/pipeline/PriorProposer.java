package dev.parallax.perception.pipeline;

import dev.parallax.perception.depth.DepthFilter;
import dev.parallax.perception.depth.PriorScale;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.odometry.Odometry;
import dev.parallax.perception.prior.MetricPrior;
import dev.parallax.perception.prior.PriorDepth;
import dev.parallax.perception.prior.PriorException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Metres from a network that guesses the depth of single pictures: at keyframes its answer is held
 * against the depth that was measured there.
 */
final class PriorProposer extends LearningProposer<PriorScale> {
  /** Frames after which a person is told that the network told no scale. */
  private static final int PATIENCE_FRAMES = 150;

  /** Frames from a picture to its answer: the same in every run, where the run is waited for. */
  private static final int FRAMES_TO_THE_ANSWER = 5;

  private final MetricPrior network;
  private final PinholeCamera camera;
  private final Supplier<Picture> rectified;
  private final Odometry odometry;
  private final DepthFilter depth;
  private @Nullable DepthSamples asked; // of the picture that the network looks at
  private int framesSince; // it was asked
  private @Nullable PriorDepth first; // of a picture whose depth nobody had measured
  private boolean isFirstAsked;
  private @Nullable Notice failure;
  private boolean hasFailed;

  /**
   * @param rectified the picture of the frame that is worked
   */
  PriorProposer(
      MetricPrior network,
      PinholeCamera camera,
      Supplier<Picture> rectified,
      Odometry odometry,
      DepthFilter depth) {
    super(ScaleSource.METRIC_PRIOR, new PriorScale(), network.relativeStd(), PATIENCE_FRAMES);
    this.network = network;
    this.camera = camera;
    this.rectified = rectified;
    this.odometry = odometry;
    this.depth = depth;
    network.unsuited(camera).ifPresent(this::giveUp);
  }

  private void giveUp(String why) {
    hasFailed = true;
    asked = null;
    failure = Notice.warning(why + ": it tells no metres from here on");
  }

  @Override
  public String awaited() {
    return network.name() + " has told it";
  }

  @Override
  public String announced(double std) {
    return String.format(
        Locale.ROOT,
        "metric prior (%s; std %.0f %%, of which its own in a place it does not know %.0f %%)",
        network.name(),
        100 * std,
        100 * ownStd());
  }

  @Override
  public void begin(Odometry.Track track, CameraFrame frame) {
    asked = null;
    first = null;
    isFirstAsked = !hasFailed && !scale.isKnown();
    if (isFirstAsked) {
      depth.download(); // the picture is there with it
      network.begin(rectified.get(), camera);
    }
  }

  @Override
  public boolean learn(Odometry.Track track, CameraFrame frame) {
    if (hasFailed) {
      return false;
    }
    takeFirst();
    boolean told = isAnswered() && isTold();
    if (told) {
      silence.end();
    } else if (!scale.isKnown()) {
      silence.spend();
    }
    boolean isWanted = track.wantsKeyframe() || !scale.isKnown();
    if (!hasFailed
        && asked == null
        && !isFirstAsked
        && isWanted
        && odometry.state() == TrackingState.TRACKING) {
      ask();
    }
    return told;
  }

  private boolean isAnswered() {
    return asked != null && ++framesSince >= FRAMES_TO_THE_ANSWER && network.isReady();
  }

  private boolean isTold() {
    DepthSamples samples = asked;
    asked = null;
    try {
      OptionalDouble metres =
          samples == null ? OptionalDouble.empty() : samples.metresInUnit(network.take());
      return metres.isPresent() && scale.observe(metres.getAsDouble()).isPresent();
    } catch (PriorException e) {
      giveUp("%s failed (%s)".formatted(network.name(), e.getMessage()));
      return false;
    }
  }

  private void ask() {
    depth.download();
    DepthSamples samples = DepthSamples.of(depth::at, camera);
    if (samples.areEnough()) {
      asked = samples;
      framesSince = 0;
      network.begin(rectified.get(), camera);
    }
  }

  /** By what the network saw in the first picture: what is seen now is much the same. */
  @Override
  public OptionalDouble guess(Odometry.Track track, CameraFrame frame) {
    PriorDepth metric = first;
    if (metric == null) {
      return OptionalDouble.empty();
    }
    first = null;
    depth.download();
    return DepthSamples.of(depth::at, camera).metresInUnitByMedian(metric);
  }

  private void takeFirst() {
    if (!isFirstAsked || odometry.state() != TrackingState.TRACKING || !network.isReady()) {
      return;
    }
    isFirstAsked = false;
    try {
      first = network.take();
    } catch (PriorException e) {
      giveUp("%s failed (%s)".formatted(network.name(), e.getMessage()));
    }
  }

  @Override
  public void corrected(Correction correction, CameraFrame frame) {
    scale.rescale(correction.factor());
    if (asked != null) {
      asked = asked.rescaled(correction.factor());
    }
  }

  @Override
  public Optional<Notice> complaint() {
    if (failure != null) {
      Notice told = failure;
      failure = null;
      return Optional.of(told);
    }
    return hasFailed
        ? Optional.empty()
        : complaintOfSilence(
            network.name()
                + " has told no metres in %d frames: too little depth was measured to hold it"
                + " against");
  }
}
