package dev.parallax.sim.eval.odometry;

import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.List;

/**
 * The KITTI odometry measure (Geiger et al. 2012): over segments of fixed true path length, started
 * at every tenth pose, the end-point error per length, averaged over all segments of all lengths.
 *
 * <p>Lengths are 100..800 m; where the whole path is shorter than 100 m they are 10..100 m, a
 * measure of its own that must be named so.
 *
 * @param lengthsM segment lengths that found at least one segment
 * @param shortClip whether the short lengths were used
 * @param segments how many segments were judged
 * @param translationPercent NaN without segments
 * @param rotationDegPer100M NaN without segments
 */
public record KittiDrift(
    List<Integer> lengthsM,
    boolean shortClip,
    int segments,
    double translationPercent,
    double rotationDegPer100M) {
  private static final int START_EVERY_POSES = 10;

  public KittiDrift {
    lengthsM = List.copyOf(lengthsM);
  }

  /**
   * @param pairs in the order of time
   * @param scale multiplied into the estimate's translations first; the scale of the Sim(3)
   *     alignment gives the "7-DoF aligned" figure, since its rotation and translation cancel
   */
  public static KittiDrift of(List<PosePair> pairs, double scale) {
    double[] pathM = truePathM(pairs);
    double wholeM = pathM.length == 0 ? 0 : pathM[pathM.length - 1];
    boolean shortClip = wholeM < 100;
    int unitM = shortClip ? 10 : 100;
    int longest = shortClip ? 10 : 8;
    List<Integer> found = new ArrayList<>();
    double translation = 0;
    double rotation = 0;
    int segments = 0;
    for (int k = 1; k <= longest; k++) {
      int lengthM = unitM * k;
      int before = segments;
      for (int start = 0; start < pairs.size(); start += START_EVERY_POSES) {
        int end = firstBeyond(pathM, start, lengthM);
        if (end < 0) {
          break;
        }
        Se3 error = RelativePoseError.error(pairs.get(start), pairs.get(end), scale);
        translation += error.distance() / lengthM;
        rotation += error.angleRad() / lengthM;
        segments++;
      }
      if (segments > before) {
        found.add(lengthM);
      }
    }
    return new KittiDrift(
        found,
        shortClip,
        segments,
        100 * translation / segments,
        100 * Math.toDegrees(rotation) / segments);
  }

  /** Length of the true path up to each pose, metres. */
  static double[] truePathM(List<PosePair> pairs) {
    double[] path = new double[pairs.size()];
    for (int i = 1; i < path.length; i++) {
      Se3 a = pairs.get(i - 1).T_world_cam();
      Se3 b = pairs.get(i).T_world_cam();
      path[i] =
          path[i - 1] + Math.hypot(Math.hypot(b.tx() - a.tx(), b.ty() - a.ty()), b.tz() - a.tz());
    }
    return path;
  }

  /**
   * The first pose more than {@code lengthM} of path after {@code start}, as the devkit takes it.
   */
  private static int firstBeyond(double[] pathM, int start, double lengthM) {
    for (int i = start; i < pathM.length; i++) {
      if (pathM[i] > pathM[start] + lengthM) {
        return i;
      }
    }
    return -1;
  }
}
