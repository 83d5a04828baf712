package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;

/**
 * How the points of one body move, as one camera sees it at one instant: where they were in the
 * previous picture's camera, where they will be in the next one's, and how fast they go.
 */
final class PointMotion {
  /** Points slower than this count as still: a planted foot does not move. */
  static final double MOVING_SPEED_MPS = 0.02;

  private static final double HALF_STEP_S = 1e-4;

  private final Se3 T_prevcam_body;
  private final Se3 T_nextcam_body;
  private final double[] velocity; // [3 4] camera-frame velocity, affine in the body's point

  /** The instants of the previous, this and the next picture, and where the camera is at each. */
  record Instants(
      double previousS,
      double nowS,
      double nextS,
      Se3 T_world_prevcam,
      Se3 T_world_cam,
      Se3 T_world_nextcam) {

    static Instants of(Trajectory trajectory, double previousS, double nowS, double nextS) {
      return new Instants(
          previousS,
          nowS,
          nextS,
          trajectory.T_world_cam(previousS),
          trajectory.T_world_cam(nowS),
          trajectory.T_world_cam(nextS));
    }
  }

  PointMotion(Motion motion, Instants when) {
    T_prevcam_body = when.T_world_prevcam().inverse().times(motion.T_world_body(when.previousS()));
    T_nextcam_body = when.T_world_nextcam().inverse().times(motion.T_world_body(when.nextS()));
    velocity = new double[12];
    if (!(motion instanceof Motion.Still)) {
      differentiate(motion, when);
    }
  }

  /** Central difference of T_world_body, turned into the camera's axes; error of order 1e-8. */
  private void differentiate(Motion motion, Instants when) {
    Se3 before = motion.T_world_body(when.nowS() - HALF_STEP_S);
    Se3 after = motion.T_world_body(when.nowS() + HALF_STEP_S);
    double[] t0 = before.translation();
    double[] t1 = after.translation();
    Se3 T_world_cam = when.T_world_cam();
    for (int axis = 0; axis < 3; axis++) {
      for (int column = 0; column < 4; column++) {
        double sum = 0;
        for (int k = 0; k < 3; k++) {
          double change = column < 3 ? after.r(k, column) - before.r(k, column) : t1[k] - t0[k];
          sum += T_world_cam.r(k, axis) * change;
        }
        velocity[4 * axis + column] = sum / (2 * HALF_STEP_S);
      }
    }
  }

  /** A velocity component (0 to 2 for x, y, z of the camera's axes) of a point of the body, m/s. */
  double velocityMps(int axis, double x, double y, double z) {
    int at = 4 * axis;
    return velocity[at] * x + velocity[at + 1] * y + velocity[at + 2] * z + velocity[at + 3];
  }

  Se3 T_prevcam_body() {
    return T_prevcam_body;
  }

  Se3 T_nextcam_body() {
    return T_nextcam_body;
  }
}
