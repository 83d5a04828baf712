package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.Se3;
import java.util.Optional;

/**
 * Follows the camera while nothing is known of depth, until parallax tells it. A turn tells nothing
 * of depth, and without depth nothing is known of a step either: there the camera's place is held.
 * Agent thread only.
 */
final class Initialiser {
  /** Parallax that lets depth be trusted for the first time: 8 pixels of 640, noise a third. */
  private static final double BOOTSTRAP_PARALLAX = 0.012;

  /** Enough to stop waiting for one way to explain the pictures better than all others. */
  private static final double PATIENT_PARALLAX = 0.06;

  private final CameraState state;
  private final LocalMap map;
  private final PoseSearch search;
  private final DegeneracyWatch degeneracy;

  Initialiser(CameraState state, LocalMap map, PoseSearch search, DegeneracyWatch degeneracy) {
    this.state = state;
    this.map = map;
    this.search = search;
    this.degeneracy = degeneracy;
  }

  /** The pose if the camera did nothing but turn since the last keyframe, in its place then. */
  Optional<Se3> turnedT_cam_odom() {
    Keyframe last = map.window.latest();
    Se3 T_cam_key = degeneracy.turnSince(last, map.points, map.follower.misses);
    return Optional.ofNullable(T_cam_key).map(turn -> turn.times(last.T_cam_odom()).normalised());
  }

  /** The pose and the depths that explain the picture best, from every start. */
  PoseSolver.Solution search() {
    PoseSolver.Solution found = search.withoutDepth(state.T_cam_odom(), state.T_cur_prev());
    return search.asLongAsBelieved(found);
  }

  /**
   * Frees the depths from their flat first guess if parallax can tell them apart by now; from then
   * on the camera is tracked.
   *
   * @param flat what {@link #search} found
   * @param parallaxShare since the last keyframe
   * @return empty while it cannot
   */
  Optional<PoseSolver.Solution> freeDepths(PoseSolver.Solution flat, double parallaxShare) {
    boolean isTold =
        parallaxShare > (search.isDecided() ? BOOTSTRAP_PARALLAX : PATIENT_PARALLAX)
            && !degeneracy.mayHaveOnlyTurned(map.window.latest(), map.points, map.follower.misses);
    if (!isTold) {
      return Optional.empty();
    }
    PoseSolver.Solution free = search.freeDepths(flat);
    state.initialised(free.T_cam_odom());
    return Optional.of(free);
  }
}
