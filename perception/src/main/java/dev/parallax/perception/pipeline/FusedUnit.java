package dev.parallax.perception.pipeline;

import dev.parallax.perception.depth.DepthFilter;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.ScaleFigures;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.odometry.Odometry;
import dev.parallax.perception.pipeline.ScaleConsensus.Verdict;
import dev.parallax.perception.pipeline.ScaleConsensus.Voice;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Metres from one source or several at once ({@link ScaleConsensus}). Whoever tells the scale first
 * settles it; later corrections keep the camera where it is, but for the last step, which is as
 * long as a speed tells it. Where depth is measured, the unit stays the depth sensor's own and the
 * others are held against it.
 */
final class FusedUnit implements UnitOfLength {
  /** How far odometry's log scale wanders over a metre that a source said nothing of. */
  private static final double WANDER_STD_PER_ROOT_M = 0.005;

  private final List<ScaleProposer> proposers;
  private final Odometry odometry;
  private final DepthFilter depth;
  private final ScaleNotices notices;
  private final ScaleConsensus consensus = new ScaleConsensus();
  private final Map<ScaleSource, Double> silentWay = new EnumMap<>(ScaleSource.class);
  private @Nullable Verdict verdict;
  private double[] begun_odom = new double[3]; // where the first frame since a gap was
  private double[] published_odom = new double[3]; // where the camera was said to be last
  private boolean relativePublished;

  /**
   * @param proposers of different sources, at least one
   */
  FusedUnit(
      List<ScaleProposer> proposers,
      Odometry odometry,
      DepthFilter depth,
      Consumer<Notice> notices) {
    this.proposers = List.copyOf(proposers);
    this.odometry = odometry;
    this.depth = depth;
    this.notices = new ScaleNotices(notices);
    String awaited =
        proposers.stream().map(ScaleProposer::awaited).collect(Collectors.joining(" or "));
    notices.accept(Notice.info("Scale: relative until " + awaited));
  }

  @Override
  public ScaleSource source() {
    Verdict last = verdict();
    return last == null ? ScaleSource.RELATIVE : last.winner();
  }

  @Override
  public boolean isSettled() {
    return proposers.stream().anyMatch(p -> p.proposal().isPresent());
  }

  @Override
  public double scaleStd() {
    Verdict last = verdict();
    return last == null ? Double.NaN : last.std();
  }

  @Override
  public ScaleFigures figures() {
    Verdict last = verdict();
    return last == null ? ScaleFigures.none() : last.figures();
  }

  @Override
  public void resume(double scaleStd) {
    if (!Double.isNaN(scaleStd)) {
      // What one belief is split into is as sure as that only together.
      double each = scaleStd * Math.sqrt(proposers.size());
      proposers.forEach(p -> p.resume(each));
    }
    verdict = null;
    relativePublished = true; // by the session before: the path that is out stays as it is
  }

  @Override
  public void forget() {
    relativePublished |= isSettled();
    proposers.forEach(ScaleProposer::forget);
    consensus.forget();
    silentWay.clear();
    verdict = null;
  }

  @Override
  public void begin(Odometry.Track track, CameraFrame frame) {
    begun_odom = track.T_odom_cam().translation();
    published_odom = begun_odom;
    proposers.forEach(p -> p.begin(track, frame));
  }

  @Override
  public Odometry.Track settle(Odometry.Track found, CameraFrame frame) {
    boolean wasKnown = isSettled();
    addWay(found);
    boolean anyNew = false;
    for (ScaleProposer proposer : proposers) {
      if (proposer.learn(found, frame)) {
        anyNew = true;
        silentWay.put(proposer.source(), 0.0);
      }
    }
    verdict = null;
    Odometry.Track track = found;
    if (anyNew) {
      track = corrected(found, frame, wasKnown);
    } else if (!wasKnown && !relativePublished) {
      track = guessed(found, frame);
    }
    boolean isSettled = isSettled();
    relativePublished |= !isSettled && odometry.state() == TrackingState.TRACKING;
    proposers.forEach(p -> p.complaint().ifPresent(c -> notices.complain(c, isSettled)));
    published_odom = track.T_odom_cam().translation();
    return track;
  }

  private void addWay(Odometry.Track found) {
    if (odometry.state() == TrackingState.TRACKING) {
      double wayM = found.T_cur_prev().distance();
      proposers.forEach(p -> silentWay.merge(p.source(), wayM, Double::sum));
    }
  }

  /** What is agreed on now; null while nobody tells anything. */
  private @Nullable Verdict verdict() {
    if (verdict == null && isSettled()) {
      verdict = consensus.judge(voices());
    }
    return verdict;
  }

  private List<Voice> voices() {
    List<Voice> voices = new ArrayList<>();
    for (ScaleProposer p : proposers) {
      double wander = WANDER_STD_PER_ROOT_M * Math.sqrt(silentWay.getOrDefault(p.source(), 0.0));
      p.proposal()
          .ifPresent(
              said ->
                  voices.add(
                      new Voice(
                          p.source(),
                          said.factor(),
                          wander > 0 ? Math.hypot(said.std(), wander) : said.std(),
                          p.ownStd())));
    }
    return voices;
  }

  private Odometry.Track corrected(Odometry.Track found, CameraFrame frame, boolean wasKnown) {
    Verdict agreed = verdict();
    if (agreed == null) {
      return found;
    }
    notices.tell(agreed, proposers);
    if (agreed.winner() == ScaleSource.SENSOR_DEPTH) {
      return found;
    }
    double factor = agreed.factor();
    double[] seen_odom = found.T_odom_cam().translation();
    OptionalDouble stepFactor = stepFactor(agreed);
    double[] from = seen_odom;
    double[] to = seen_odom;
    double[] path = seen_odom;
    depth.rescale(factor);
    Odometry.Track track;
    if (wasKnown) {
      odometry.knowUnit(agreed.lastingStd());
      if (stepFactor.isPresent()) {
        to = stepped(seen_odom, stepFactor.getAsDouble());
        path = published_odom;
      }
      track = odometry.correctScale(found, factor, to);
    } else {
      // While nothing but the unscaled beginning is out, the whole path can still become metric;
      // later the camera must not jump.
      from = relativePublished ? seen_odom : begun_odom(proposer(agreed.winner()));
      to = from;
      path = from;
      track = odometry.rescale(found, factor, from);
    }
    ScaleProposer.Correction correction =
        new ScaleProposer.Correction(factor, from, to, path, track);
    proposers.forEach(p -> p.corrected(correction, frame));
    verdict = null;
    return track;
  }

  /** In the metres that were agreed on, which need not be those of the source itself. */
  private OptionalDouble stepFactor(Verdict agreed) {
    for (ScaleProposer p : proposers) {
      if (p.stepFactor().isPresent() && agreed.used().contains(p.source())) {
        double own = p.proposal().orElseThrow().factor();
        return OptionalDouble.of(p.stepFactor().getAsDouble() * (agreed.factor() / own));
      }
    }
    return OptionalDouble.empty();
  }

  private ScaleProposer proposer(ScaleSource source) {
    return proposers.stream().filter(p -> p.source() == source).findFirst().orElseThrow();
  }

  private double[] begun_odom(ScaleProposer proposer) {
    return proposer.begun_odom().orElse(begun_odom);
  }

  /** Where the camera is if its step from where it was last said to be is longer or shorter. */
  private double[] stepped(double[] seen_odom, double factor) {
    double[] at = published_odom.clone();
    for (int k = 0; k < 3; k++) {
      at[k] += factor * (seen_odom[k] - at[k]);
    }
    return at;
  }

  /**
   * Any unit will do for lengths that are relative, so the first is chosen near the metre: the path
   * before and behind the moment when a source is sure is then of about one scale.
   */
  private Odometry.Track guessed(Odometry.Track track, CameraFrame frame) {
    for (ScaleProposer p : proposers) {
      OptionalDouble factor = p.guess(track, frame);
      if (factor.isPresent()) {
        double[] from = begun_odom(p);
        depth.rescale(factor.getAsDouble());
        Odometry.Track scaled = odometry.rescale(track, factor.getAsDouble(), from);
        ScaleProposer.Correction correction =
            new ScaleProposer.Correction(factor.getAsDouble(), from, from, from, scaled);
        proposers.forEach(other -> other.corrected(correction, frame));
        return scaled;
      }
    }
    return track;
  }
}
