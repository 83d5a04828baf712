package dev.parallax.sim.baseline;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.geometry.CameraModel;
import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.opencv.global.opencv_core;
import org.jspecify.annotations.Nullable;

/**
 * Monocular odometry as the tutorials put it together: five points for the first two keyframes,
 * then corners followed by Lucas-Kanade and the pose from the known ones, more points and, if
 * wanted, a small bundle adjustment at every keyframe. Poses are live: none is changed once given.
 * Lengths are relative: the first baseline is 1. One thread.
 */
public final class OpenCvOdometry implements AutoCloseable {
  /** Optical axes (right, down, forward) seen from odom's (forward, left, up). */
  private static final Se3 T_FLU_OPTICAL =
      Se3.of(new double[] {0, 0, 1, -1, 0, 0, 0, -1, 0}, new double[3]);

  private static final int MIN_START_POINTS = 50;
  private static final double MIN_SINE = Math.sin(Math.toRadians(1));

  private final BaselineConfig config;
  private final CameraModel camera;
  private final PyramidTracker tracker;
  private final WindowAdjustment adjustment;
  private final double maxError;
  private final double focalPx;

  private final List<Keyframe> keyframes = new ArrayList<>();
  private List<Track> tracks = new ArrayList<>();
  private Se3 T_cam_odom = T_FLU_OPTICAL.inverse();
  private Se3 T_cur_prev = Se3.identity();
  private @Nullable Keyframe reference;
  private int tracksAtKeyframe;
  private boolean started;

  /** What one frame brought: the inliers' share of the points that were tried. */
  public record Step(Se3 T_odom_cam, double inlierShare) {}

  public OpenCvOdometry(BaselineConfig config, CameraModel camera) {
    this.config = config;
    this.camera = camera;
    opencv_core.setNumThreads(1);
    tracker = new PyramidTracker(config, camera);
    focalPx = camera.rectified().fx();
    maxError = config.maxErrorPx() / focalPx;
    adjustment = new WindowAdjustment(maxError);
  }

  /**
   * Takes the next picture.
   *
   * @return empty while there is no pose: before the first pair has enough parallax, and after a
   *     loss until it has been started anew
   */
  public Optional<Step> track(CameraFrame frame) {
    tracker.advance(frame.picture());
    if (reference == null) {
      begin();
      return Optional.empty();
    }
    tracks = tracker.follow(tracks);
    Optional<Step> step = started ? follow() : start();
    if (step.isEmpty() && started) {
      begin(); // lost: what is known of depth does not help, so the start is made again
    }
    return step;
  }

  private void begin() {
    started = false;
    keyframes.clear();
    T_cur_prev = Se3.identity();
    tracks = tracker.find(List.of());
    makeKeyframe();
  }

  private void makeKeyframe() {
    Keyframe keyframe = new Keyframe(T_cam_odom);
    keyframes.add(keyframe);
    reference = keyframe;
    tracks.forEach(track -> track.seenBy(keyframe));
    tracksAtKeyframe = tracks.size();
  }

  /** The first pose that can be had: five points, once the corners moved far enough. */
  private Optional<Step> start() {
    if (tracks.size() < MIN_START_POINTS) {
      begin();
      return Optional.empty();
    }
    if (medianFlow() < config.startFlowShare() * camera.width() / focalPx) {
      return Optional.empty();
    }
    double[] a = new double[2 * tracks.size()];
    double[] b = new double[2 * tracks.size()];
    for (int i = 0; i < tracks.size(); i++) {
      Track track = tracks.get(i);
      a[2 * i] = track.sightings.get(0).x();
      a[2 * i + 1] = track.sightings.get(0).y();
      b[2 * i] = track.x;
      b[2 * i + 1] = track.y;
    }
    Optional<TwoViews.RelativePose> found = TwoViews.relativePose(a, b, maxError);
    if (found.isEmpty() || found.get().inliers() < MIN_START_POINTS) {
      return Optional.empty();
    }
    Se3 before = T_cam_odom;
    T_cam_odom = found.get().T_b_a().times(before);
    keep(found.get().inlier());
    int known = triangulateAll();
    if (known < MIN_START_POINTS) {
      tracks.forEach(track -> track.point_odom = null);
      T_cam_odom = before;
      return Optional.empty();
    }
    started = true;
    double share = (double) found.get().inliers() / (b.length / 2);
    finishKeyframe();
    return Optional.of(new Step(T_cam_odom.inverse(), share));
  }

  private Optional<Step> follow() {
    List<Track> known = tracks.stream().filter(track -> track.point_odom != null).toList();
    double[] points = new double[3 * known.size()];
    double[] rays = new double[2 * known.size()];
    for (int i = 0; i < known.size(); i++) {
      double[] point = known.get(i).point_odom;
      if (point != null) {
        System.arraycopy(point, 0, points, 3 * i, 3);
      }
      rays[2 * i] = known.get(i).x;
      rays[2 * i + 1] = known.get(i).y;
    }
    Optional<PointsAndPose.Pose> found =
        PointsAndPose.solve(points, rays, T_cur_prev.times(T_cam_odom), maxError);
    if (found.isEmpty() || found.get().inliers() < config.minInliers()) {
      return Optional.empty();
    }
    Se3 before = T_cam_odom;
    T_cam_odom = found.get().T_cam_odom();
    T_cur_prev = T_cam_odom.times(before.inverse());
    List<Track> outliers = new ArrayList<>();
    for (int i = 0; i < known.size(); i++) {
      if (!found.get().inlier()[i]) {
        outliers.add(known.get(i));
      }
    }
    tracks.removeAll(outliers);
    Step step =
        new Step(T_cam_odom.inverse(), (double) found.get().inliers() / Math.max(1, known.size()));
    boolean fewLeft = tracks.size() < config.keyframeKeptShare() * tracksAtKeyframe;
    if (fewLeft || medianFlow() > config.keyframeFlowShare() * camera.width() / focalPx) {
      triangulateAll();
      finishKeyframe();
    }
    return Optional.of(step);
  }

  /** Makes the present picture a keyframe, once its points are triangulated. */
  private void finishKeyframe() {
    List<Track> fresh = tracker.find(tracks);
    tracks.addAll(fresh);
    makeKeyframe();
    while (keyframes.size() > config.windowKeyframes()) {
      keyframes.remove(0);
    }
    if (config.adjust()) {
      adjustment.adjust(keyframes, tracks);
      T_cam_odom = keyframes.get(keyframes.size() - 1).T_cam_odom;
    }
  }

  /** Points for the tracks without one, from their first sighting and the present picture. */
  private int triangulateAll() {
    int known = 0;
    for (Track track : tracks) {
      if (track.point_odom == null && !track.sightings.isEmpty()) {
        track.point_odom = triangulated(track);
      }
      known += track.point_odom != null ? 1 : 0;
    }
    return known;
  }

  private double @Nullable [] triangulated(Track track) {
    Track.Sighting first = track.sightings.get(0);
    Se3 T_odom_first = first.keyframe().T_cam_odom.inverse();
    double[] point =
        TwoViews.triangulate(
            T_odom_first, first.x(), first.y(), T_cam_odom.inverse(), track.x, track.y, MIN_SINE);
    if (point == null) {
      return null;
    }
    double[] here = T_cam_odom.transform(point[0], point[1], point[2]);
    boolean agrees =
        here[2] > 0
            && Math.hypot(here[0] / here[2] - track.x, here[1] / here[2] - track.y) < maxError;
    return agrees ? point : null;
  }

  /** Median motion since the last keyframe, on the plane z = 1. */
  private double medianFlow() {
    double[] moved =
        tracks.stream()
            .flatMap(
                track ->
                    track.sightings.stream()
                        .filter(s -> s.keyframe() == reference)
                        .map(s -> Math.hypot(track.x - s.x(), track.y - s.y())))
            .mapToDouble(Double::doubleValue)
            .sorted()
            .toArray();
    return moved.length == 0 ? 0 : moved[moved.length / 2];
  }

  private void keep(boolean[] inlier) {
    List<Track> kept = new ArrayList<>();
    for (int i = 0; i < inlier.length; i++) {
      if (inlier[i]) {
        kept.add(tracks.get(i));
      }
    }
    tracks = kept;
  }

  @Override
  public void close() {
    tracker.close();
  }
}
