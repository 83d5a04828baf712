package dev.parallax.sim.training;

import dev.parallax.perception.frame.Degeneracy;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the pipeline measured over a recording, as far as a network can learn from it: poses and
 * sure depth of resting things. Of a long recording it keeps frames spread over all of it, so that
 * memory is bounded. One thread.
 */
public final class MeasuredClip {
  /** About half a megabyte each. */
  private static final int MOST_VIEWS = 400;

  private static final double LEAST_SHARE = 0.1;

  private final double speedMps;
  private final List<MeasuredView> views = new ArrayList<>();
  private final Counts counts = new Counts();
  private long candidates;
  private long every = 1;
  private final List<Way> ways = new ArrayList<>();
  private @Nullable Estimated last;

  /**
   * @param speedMps the camera's mean speed over the recording, m/s, from which metres follow; NaN
   *     where nobody knows it
   */
  public MeasuredClip(double speedMps) {
    this.speedMps = speedMps;
  }

  /** What became of the frames. */
  static final class Counts {
    long frames;
    long withoutPose;
    long still;
    long turning;
    long withoutDepth;
  }

  /** Takes a frame's outcome, in the order of time. */
  public void add(FrameOutcome outcome) {
    counts.frames++;
    if (outcome instanceof Estimated frame) {
      follow(frame);
      if (isWorthKeeping(frame)) {
        keep(frame);
      }
    } else {
      counts.withoutPose++;
      if (outcome instanceof FrameOutcome.Skipped) {
        last = null;
      }
    }
  }

  /** The way so far, and whether the unit of length is still the same. */
  private void follow(Estimated frame) {
    Estimated before = last;
    last = frame;
    if (before == null || !isSameUnit(before, frame)) {
      ways.add(new Way(0, 0));
      return;
    }
    Se3 step = before.pose().T_odom_cam().inverse().times(frame.pose().T_odom_cam());
    double tookS = frame.stamp().secondsSince(before.stamp());
    ways.set(ways.size() - 1, ways.get(ways.size() - 1).further(step.distance(), tookS));
  }

  private static boolean isSameUnit(Estimated before, Estimated frame) {
    return before.pose().scale() == frame.pose().scale()
        && before.pose().state() == frame.pose().state();
  }

  private boolean isWorthKeeping(Estimated frame) {
    Set<Degeneracy> open = frame.pose().figures().degeneracies();
    if (open.contains(Degeneracy.STANDING_STILL)) {
      counts.still++;
      return false;
    }
    if (open.contains(Degeneracy.TURNING_ON_THE_SPOT)) {
      counts.turning++;
      return false;
    }
    if (frame.pose().state() != TrackingState.TRACKING) {
      counts.withoutDepth++;
      return false;
    }
    return candidates++ % every == 0;
  }

  private void keep(Estimated frame) {
    MeasuredView view = MeasuredView.of(frame, ways.size() - 1);
    if (view.share() < LEAST_SHARE) {
      counts.withoutDepth++;
      return;
    }
    views.add(view);
    if (views.size() > MOST_VIEWS) {
      every *= 2;
      for (int i = views.size() - 1; i >= 0; i--) {
        if (i % 2 == 1) {
          views.remove(i);
        }
      }
    }
  }

  /** Frames of the recording. */
  public long frames() {
    return counts.frames;
  }

  Counts counts() {
    return counts;
  }

  /** How many frames each kept view stands for. */
  long every() {
    return every;
  }

  /** In the order of time. */
  List<MeasuredView> views() {
    return List.copyOf(views);
  }

  /** Metres to the unit of length of a view; NaN where nothing tells. */
  double metresPerUnit(MeasuredView view) {
    Way way = ways.get(view.unit());
    return view.metric() ? 1 : speedMps * way.seconds() / way.length();
  }

  /** How far the camera went in one unit of length, and how long that took. */
  private record Way(double length, double seconds) {
    Way further(double by, double tookS) {
      return new Way(length + by, seconds + tookS);
    }
  }
}
