package dev.parallax.perception.odometry;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.perception.frame.FirstGuess;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.frame.TrackingFigures;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Finds a lost camera again, near the last keyframe by its points or by the features of any
 * keyframe of this odom segment, which it remembers. Agent thread only.
 */
final class Recovery {
  /** After a loss more must agree before the pose is believed again. */
  private static final double MIN_INLIER_SHARE = 0.5;

  private static final int MIN_INLIERS = 80;
  private static final double MAX_NOISE_PX = 1;

  /** With fewer of its points left the last keyframe is out of sight. */
  private static final double MIN_SHARE_LEFT = 0.35;

  private final CameraState state;
  private final LocalMap map;
  private final PoseSearch search;
  private final KeyframeArchive archive;
  private final Relocaliser relocaliser;
  private DepthHint relocated = DepthHint.NONE; // until the keyframe there is made

  Recovery(
      PinholeCamera camera,
      PerceptionKernels kernels,
      CameraState state,
      LocalMap map,
      PoseSearch search) {
    this.state = state;
    this.map = map;
    this.search = search;
    archive = new KeyframeArchive(kernels);
    relocaliser = new Relocaliser(camera, kernels, archive);
  }

  /** A segment begins: forgets all keyframes. */
  void clear() {
    archive.clear();
    relocated = DepthHint.NONE;
  }

  /** Depth for a keyframe: what is believed of it, else what the place was known by. */
  DepthHint depths(DepthHint believed) {
    DepthHint place = relocated;
    return (u, v, out) -> believed.at(u, v, out) || place.at(u, v, out);
  }

  /**
   * The present picture became a keyframe; it is remembered if its pose is believed.
   *
   * @param depths what is believed of depth in it
   */
  void addKeyframe(DeviceBuffer grey, Timestamp stamp, DepthHint depths) {
    relocated = DepthHint.NONE;
    if (state.isTracking()) {
      archive.add(grey, stamp, state.T_cam_odom(), depths);
    }
  }

  /** The window's keyframes were refined. */
  void refresh() {
    if (state.isTracking()) {
      archive.refresh(map.window);
    }
  }

  /** Another unit of length; poses go through the function given. */
  void rescale(double factor, UnaryOperator<Se3> newT_cam_odom) {
    archive.rescale(factor, newT_cam_odom);
  }

  /**
   * Looks for the camera near the last keyframe, of which the points are as it saw them.
   *
   * @param flowFromKeyframe {@code [h w 2]} grid pixels, from the last keyframe to this picture
   * @param inconsistency {@code [h w 1]} how badly that flow closes, grid pixels
   * @return empty if it is not there; the points are then to be put back
   */
  Optional<Odometry.Track> nearKeyframe(
      DeviceBuffer grey, DeviceBuffer flowFromKeyframe, DeviceBuffer inconsistency) {
    search.expect(null, state.T_cam_odom());
    int slot = map.window.latest().slot();
    int before = map.points.count;
    map.follower.dropUnclosed(map.points, inconsistency, MAX_NOISE_PX);
    map.follower.look(map.points, grey, flowFromKeyframe, slot);
    map.follower.follow(map.points, slot);
    map.follower.dropUnconfirmed(map.points);
    return map.points.count < MIN_SHARE_LEFT * before
        ? Optional.empty()
        : goOn(state.T_cam_odom(), 1);
  }

  /**
   * Looks for the camera by features against all keyframes of this segment; goes on with the last
   * keyframe's points where they are in sight there, else with a fresh window, in the old unit.
   *
   * @return empty while it stays lost
   */
  Optional<Odometry.Track> anywhere(DeviceBuffer grey) {
    Optional<Relocaliser.Found> found = relocaliser.find(grey);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Se3 T_cam_odom = found.get().T_cam_odom();
    map.follower.find(map.points, grey, map.window, T_cam_odom);
    Optional<Odometry.Track> near = goOn(T_cam_odom, PoseSearch.DEPTH_VARIANCE_FACTOR);
    return near.isPresent() ? near : Optional.of(restartAt(found.get()));
  }

  /**
   * Goes on with the points of the last keyframe that were found in this picture. Dense flow bends
   * any picture into any other, so only points whose patch is found again count, with their depths
   * as believed.
   */
  private Optional<Odometry.Track> goOn(Se3 guessT_cam_odom, double depthVarianceFactor) {
    PoseSolver.Solution solution = search.near(guessT_cam_odom, depthVarianceFactor);
    int asked = map.points.count;
    if (solution.noisePx() > MAX_NOISE_PX
        || !solution.isReliable(asked, MIN_INLIERS, MIN_INLIER_SHARE)) {
      return Optional.empty();
    }
    double inlierShare = (double) solution.inliers() / asked;
    state.foundAgain(solution.T_cam_odom());
    search.judgePoints(solution);
    double parallaxShare = map.parallaxShare(state.T_cam_odom());
    state.solved(solution, inlierShare, map);
    map.points.anchorAll();
    return Optional.of(
        state.track(
            inlierShare,
            true,
            new TrackingFigures(FirstGuess.REST, Double.NaN, parallaxShare, Set.of())));
  }

  private Odometry.Track restartAt(Relocaliser.Found found) {
    map.clear();
    relocated = new RelocatedDepth(found);
    state.foundAgain(found.T_cam_odom());
    state.relocated(found.covariance_cam());
    return state.track(found.score(), true, TrackingFigures.none());
  }
}
