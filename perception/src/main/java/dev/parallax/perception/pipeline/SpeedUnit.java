package dev.parallax.perception.pipeline;

import dev.parallax.perception.depth.DepthFilter;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.Degeneracy;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.odometry.Odometry;
import dev.parallax.perception.odometry.SpeedScale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/** Metres from a speed sensor: frames carry along how far the camera's carrier has gone. */
final class SpeedUnit implements UnitOfLength {
  /** Frames after which a person is told that there is no speed, or none that agrees. */
  private static final int PATIENCE_FRAMES = 60;

  private final double speedRelativeStd;
  private final Odometry odometry;
  private final DepthFilter depth;
  private final Consumer<Notice> notices;
  private final SpeedScale scale = new SpeedScale();
  private double[] begin_odom = new double[3]; // where the first step begins
  private double[] published_odom = new double[3]; // where the camera was said to be last
  private int framesWithout;
  private boolean relativePublished;
  private boolean announced;
  private boolean disagreementTold;

  SpeedUnit(
      double speedRelativeStd, Odometry odometry, DepthFilter depth, Consumer<Notice> notices) {
    this.speedRelativeStd = speedRelativeStd;
    this.odometry = odometry;
    this.depth = depth;
    this.notices = notices;
    notices.accept(Notice.info("Scale: relative until the speed has told it"));
  }

  @Override
  public ScaleSource source() {
    return isSettled() ? ScaleSource.SPEED : ScaleSource.RELATIVE;
  }

  @Override
  public boolean isSettled() {
    return scale.isKnown();
  }

  @Override
  public double scaleStd() {
    return isSettled() ? Math.hypot(scale.relativeStd(), speedRelativeStd) : Double.NaN;
  }

  @Override
  public void resume(double scaleStd) {
    if (!Double.isNaN(scaleStd)) {
      scale.resume(scaleStd);
    }
    relativePublished = true; // by the session before: the path that is out stays as it is
  }

  @Override
  public void forget() {
    relativePublished |= scale.isKnown();
    scale.forget();
    framesWithout = 0;
  }

  @Override
  public void begin(Odometry.Track track, CameraFrame frame) {
    begin_odom = track.T_odom_cam().translation();
    published_odom = begin_odom;
    scale.begin(frame.stamp(), track.T_odom_cam(), frame.driven());
  }

  @Override
  public Odometry.Track settle(Odometry.Track found, CameraFrame frame) {
    Odometry.Track track = found;
    boolean tracking = odometry.state() == TrackingState.TRACKING;
    if (found.figures().degeneracies().contains(Degeneracy.STANDING_STILL)) {
      begin(found, frame);
    } else if (tracking) {
      track = observe(found, frame);
    } else if (!scale.hasBegun(frame.driven())) {
      begin(found, frame);
    } else if (!relativePublished) {
      track = guess(found, frame);
    }
    published_odom = track.T_odom_cam().translation();
    return track;
  }

  /**
   * Any unit will do for lengths that are relative, so the first is chosen near the metre: the path
   * before and behind the moment when depth is known is then of about one scale.
   */
  private Odometry.Track guess(Odometry.Track track, CameraFrame frame) {
    OptionalDouble factor = scale.guess(frame.stamp(), track.T_odom_cam(), frame.driven());
    if (factor.isEmpty()) {
      return track;
    }
    depth.rescale(factor.getAsDouble());
    return odometry.rescale(track, factor.getAsDouble(), begin_odom);
  }

  private Odometry.Track observe(Odometry.Track track, CameraFrame frame) {
    boolean wasKnown = scale.isKnown();
    Optional<SpeedScale.Correction> found =
        scale.observe(frame.stamp(), track.T_odom_cam(), frame.driven());
    if (found.isEmpty()) {
      waitForSpeed(wasKnown);
      return track;
    }
    announce();
    Odometry.Track corrected = correct(track, found.get(), wasKnown);
    scale.begin(frame.stamp(), corrected.T_odom_cam(), frame.driven());
    return corrected;
  }

  private Odometry.Track correct(
      Odometry.Track track, SpeedScale.Correction correction, boolean wasKnown) {
    double factor = correction.factor();
    depth.rescale(factor);
    double[] seen_odom = track.T_odom_cam().translation();
    if (wasKnown) {
      odometry.knowUnit(scale.relativeStd());
      return odometry.correctScale(track, factor, stepped(seen_odom, correction.stepFactor()));
    }
    // While nothing but the unscaled beginning is out, the whole path can still become metric;
    // later the camera must not jump.
    return odometry.rescale(track, factor, relativePublished ? seen_odom : begin_odom);
  }

  /** Where the camera is if its step from where it was last said to be is longer or shorter. */
  private double[] stepped(double[] seen_odom, double factor) {
    double[] at = published_odom.clone();
    for (int k = 0; k < 3; k++) {
      at[k] += factor * (seen_odom[k] - at[k]);
    }
    return at;
  }

  private void announce() {
    if (!announced) {
      announced = true;
      notices.accept(
          Notice.info(
              "Scale: speed (std %.1f %%, of which the sensor's own %.1f %%)"
                  .formatted(100 * scaleStd(), 100 * speedRelativeStd)));
    }
  }

  private void waitForSpeed(boolean wasKnown) {
    if (wasKnown) {
      if (scale.refusedInARow() == PATIENCE_FRAMES && !disagreementTold) {
        disagreementTold = true;
        notices.accept(
            Notice.warning(
                "The speed has disagreed with the pictures for a while and was not used: wheels"
                    + " that slip, or another vehicle's topic?"));
      }
      return;
    }
    relativePublished = true;
    if (++framesWithout == PATIENCE_FRAMES && !announced) {
      notices.accept(
          Notice.warning(
              ("No speed that tells a scale in %d frames; lengths stay relative and the map empty:"
                      + " nothing was measured near the pictures' stamps, or the carrier stands")
                  .formatted(PATIENCE_FRAMES)));
    }
  }
}
