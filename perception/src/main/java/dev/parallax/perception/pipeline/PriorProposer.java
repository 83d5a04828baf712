package dev.parallax.perception.pipeline;

import dev.parallax.perception.depth.DepthFilter;
import dev.parallax.perception.depth.PriorScale;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.odometry.Odometry;
import dev.parallax.perception.prior.BackgroundPrior;
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

  private final BackgroundPrior network;
  private final @Nullable FirstLook firstLook;
  private final PinholeCamera camera;
  private final Supplier<Picture> rectified;
  private final Odometry odometry;
  private final DepthFilter depth;
  private BackgroundPrior.@Nullable Question asked;
  private @Nullable DepthSamples samples; // of the picture asked about
  private int framesSince; // it was asked
  private boolean isGuessed; // by the picture begun with
  private @Nullable Notice failure;
  private boolean hasFailed;

  /**
   * @param network one that tells metres
   * @param firstLook what it sees in the picture begun with; null where nobody asks it that
   * @param rectified the picture of the frame that is worked
   */
  PriorProposer(
      BackgroundPrior network,
      @Nullable FirstLook firstLook,
      PinholeCamera camera,
      Supplier<Picture> rectified,
      Odometry odometry,
      DepthFilter depth) {
    super(
        ScaleSource.METRIC_PRIOR,
        new PriorScale(),
        network.metricRelativeStd().orElseThrow(),
        PATIENCE_FRAMES);
    this.network = network;
    this.firstLook = firstLook;
    this.camera = camera;
    this.rectified = rectified;
    this.odometry = odometry;
    this.depth = depth;
    network.unsuited(camera).ifPresent(this::giveUp);
  }

  private void giveUp(String why) {
    hasFailed = true;
    asked = null;
    samples = null;
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
    isGuessed = scale.isKnown();
  }

  @Override
  public boolean learn(Odometry.Track track, CameraFrame frame) {
    if (hasFailed) {
      return false;
    }
    boolean told = isAnswered() && isTold();
    if (told) {
      silence.end();
    } else if (!scale.isKnown()) {
      silence.spend();
    }
    boolean isWanted = track.wantsKeyframe() || !scale.isKnown();
    if (!hasFailed && isIdle() && isWanted && odometry.state() == TrackingState.TRACKING) {
      ask();
    }
    return told;
  }

  private boolean isIdle() {
    boolean isLooking = firstLook != null && firstLook.isLooking();
    return !isLooking && (asked == null || asked.isOver());
  }

  private boolean isAnswered() {
    return asked != null && ++framesSince >= FRAMES_TO_THE_ANSWER && asked.isReady();
  }

  private boolean isTold() {
    try {
      OptionalDouble metres =
          asked == null || samples == null
              ? OptionalDouble.empty()
              : samples.metresInUnit(asked.take());
      return metres.isPresent() && scale.observe(metres.getAsDouble()).isPresent();
    } catch (PriorException e) {
      giveUp("%s failed (%s)".formatted(network.name(), e.getMessage()));
      return false;
    }
  }

  private void ask() {
    depth.download();
    DepthSamples known = DepthSamples.of(depth::at, camera);
    if (known.areEnough()) {
      samples = known;
      framesSince = 0;
      asked = network.begin(rectified.get(), camera);
    }
  }

  /** By what the network saw in the first picture: what is seen now is much the same. */
  @Override
  public OptionalDouble guess(Odometry.Track track, CameraFrame frame) {
    boolean isTracking = odometry.state() == TrackingState.TRACKING;
    PriorDepth metric = firstLook == null || isGuessed || !isTracking ? null : firstLook.seen();
    if (metric == null) {
      return OptionalDouble.empty();
    }
    isGuessed = true;
    depth.download();
    return DepthSamples.of(depth::at, camera).metresInUnitByMedian(metric);
  }

  @Override
  public void corrected(Correction correction, CameraFrame frame) {
    scale.rescale(correction.factor());
    if (samples != null) {
      samples = samples.rescaled(correction.factor());
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
