package dev.parallax.perception.odometry;

import dev.parallax.perception.frame.Degeneracy;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Names what the motion over the last pictures, or the view, leaves open. Follows the points' trail
 * and the poses that go with it. Agent thread only.
 */
final class DegeneracyWatch {
  /** Fewer points that agree, or in fewer regions of the picture (of 48), are few. */
  private static final int FEW_POINTS = 150;

  private static final int FEW_REGIONS = 20;

  private final PictureRegions regions;
  private final MotionView motion;
  private final PlaneCheck plane;
  private final @Nullable Se3[] trail = new Se3[PointTracks.TRAIL]; // T_cam_odom, a ring
  private int pictures;
  private boolean turning;
  private Set<Degeneracy> latest = Set.of();

  DegeneracyWatch(PinholeCamera camera, int capacity) {
    regions = new PictureRegions(camera);
    motion = new MotionView(camera, capacity);
    plane = new PlaneCheck(camera, capacity);
  }

  /** Of the last picture that was judged; not to be changed. */
  Set<Degeneracy> latest() {
    return latest;
  }

  /** The points are others: begins a new trail. */
  void forget(PointTracks points) {
    Arrays.fill(trail, null);
    points.forgetTrail();
  }

  /** Odom was moved, or its unit changed. */
  void replacePoses(UnaryOperator<Se3> newT_cam_odom) {
    for (int k = 0; k < trail.length; k++) {
      Se3 pose = trail[k];
      trail[k] = pose == null ? null : newT_cam_odom.apply(pose);
    }
  }

  /** The turn since the last keyframe, if nothing but that is seen: from its camera to this one. */
  @Nullable Se3 turnSince(Keyframe keyframe, PointTracks points, byte[] misses) {
    motion.look(points, misses, points.seen[keyframe.slot()]);
    turning = motion.isTurnAlone(turning);
    return turning ? motion.turn().turn() : null;
  }

  /** Whether a turn since the last keyframe explains the picture, however small it is. */
  boolean mayHaveOnlyTurned(Keyframe keyframe, PointTracks points, byte[] misses) {
    motion.look(points, misses, points.seen[keyframe.slot()]);
    return motion.mayBeTurnAlone();
  }

  /**
   * Judges a picture whose pose was found and adds it to the trail.
   *
   * @param misses for each point, in how many pictures in a row it went unconfirmed
   * @param agrees for each point, whether it agrees with the pose
   */
  Set<Degeneracy> judge(
      PointTracks points, byte[] misses, KeyframeWindow window, Se3 T_cam_odom, boolean[] agrees) {
    Set<Degeneracy> found = EnumSet.noneOf(Degeneracy.class);
    Se3 T_then_odom = trail[pictures % PointTracks.TRAIL];
    if (T_then_odom != null) {
      motion.look(points, misses, points.trailEnd());
      turning = motion.isTurnAlone(turning);
      if (turning) {
        found.add(Degeneracy.TURNING_ON_THE_SPOT);
      } else if (motion.isAlongView(T_cam_odom.times(T_then_odom.inverse()).translation())) {
        found.add(Degeneracy.FORWARD_ALONG_VIEW);
      }
    }
    if (isFew(points, agrees)) {
      found.add(Degeneracy.FEW_FEATURES);
    }
    if (plane.isPlaneOnly(points, window, T_cam_odom, agrees)) {
      found.add(Degeneracy.PLANE_ONLY);
    }
    remember(points, T_cam_odom);
    latest = found;
    return found;
  }

  /** Adds a picture to the trail in which nothing but a turn was seen, see {@link #turnSince}. */
  Set<Degeneracy> turned(PointTracks points, Se3 T_cam_odom) {
    latest = EnumSet.of(Degeneracy.TURNING_ON_THE_SPOT);
    remember(points, T_cam_odom);
    return latest;
  }

  private void remember(PointTracks points, Se3 T_cam_odom) {
    trail[pictures++ % PointTracks.TRAIL] = T_cam_odom;
    points.leaveTrail();
  }

  private boolean isFew(PointTracks points, boolean[] agrees) {
    boolean[] occupied = new boolean[PictureRegions.COUNT];
    int agreeing = 0;
    int inRegions = 0;
    for (int i = 0; i < points.count; i++) {
      int region = agrees[i] ? regions.of(points.uv[2 * i], points.uv[2 * i + 1]) : -1;
      if (region >= 0) {
        agreeing++;
        inRegions += occupied[region] ? 0 : 1;
        occupied[region] = true;
      }
    }
    return agreeing < FEW_POINTS || inRegions < FEW_REGIONS;
  }
}
