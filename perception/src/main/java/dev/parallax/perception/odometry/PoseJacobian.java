package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.PinholeCamera;

/** How a point's pixel moves with the observing camera's pose. */
final class PoseJacobian {
  private PoseJacobian() {}

  /**
   * d(u, v) / d(translation, rotation) for a left perturbation of the pose, at p' = d p with
   * inverse depth d: translation acts as d, rotation as -[p']x.
   *
   * @param ju receives {@code [6]}
   * @param jv receives {@code [6]}
   */
  static void fill(
      PinholeCamera camera, double d, double px, double py, double pz, double[] ju, double[] jv) {
    double a = px / pz;
    double b = py / pz;
    double fu = camera.fx() / pz;
    double fv = camera.fy() / pz;
    ju[0] = fu * d;
    ju[1] = 0;
    ju[2] = -fu * a * d;
    ju[3] = -fu * a * py;
    ju[4] = fu * (pz + a * px);
    ju[5] = -fu * py;
    jv[0] = 0;
    jv[1] = fv * d;
    jv[2] = -fv * b * d;
    jv[3] = -fv * (pz + b * py);
    jv[4] = fv * b * px;
    jv[5] = fv * px;
  }
}
