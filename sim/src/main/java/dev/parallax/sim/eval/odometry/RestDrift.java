package dev.parallax.sim.eval.odometry;

import dev.parallax.perception.geometry.Se3;
import java.util.List;

/**
 * How far the estimate wanders while the camera does not move: the largest distance from the first
 * pose.
 *
 * @param translation in the run's unit
 * @param rotationRad largest turn
 */
public record RestDrift(double translation, double rotationRad) {
  private static final double AT_REST_M = 1e-4;
  private static final double AT_REST_RAD = 1e-5;

  /** Whether the true camera stays where it is. */
  public static boolean appliesTo(List<PosePair> pairs) {
    RestDrift truth = of(pairs.stream().map(PosePair::T_world_cam).toList());
    return truth.translation < AT_REST_M && truth.rotationRad < AT_REST_RAD;
  }

  /** Of at least one pose, in the order of time. */
  public static RestDrift of(List<Se3> poses) {
    Se3 back = poses.get(0).inverse();
    double translation = 0;
    double rotationRad = 0;
    for (Se3 pose : poses) {
      Se3 moved = back.times(pose);
      translation = Math.max(translation, moved.distance());
      rotationRad = Math.max(rotationRad, moved.angleRad());
    }
    return new RestDrift(translation, rotationRad);
  }
}
