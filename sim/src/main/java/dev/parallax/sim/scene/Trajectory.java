package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;

/**
 * A camera's way through the world. Continuous in time with continuous acceleration (C2), so that
 * any frame rate samples the same motion.
 */
@FunctionalInterface
public interface Trajectory {
  /**
   * The pose at a time: maps points from the camera's optical frame (x right, y down, z forward) to
   * the world (z up), metres.
   */
  Se3 T_world_cam(double timeS);

  /**
   * The pose of a camera at a place that looks along a heading.
   *
   * @param yawRad heading around world z, 0 along x
   * @param pitchRad positive looks up
   * @param rollRad positive turns the camera clockwise about its view, so that the picture turns
   *     the other way
   */
  static Se3 looking(double x, double y, double z, double yawRad, double pitchRad, double rollRad) {
    double cy = Math.cos(yawRad);
    double sy = Math.sin(yawRad);
    double cp = Math.cos(pitchRad);
    double sp = Math.sin(pitchRad);
    double[] forward = {cy * cp, sy * cp, sp};
    double[] right = {sy, -cy, 0};
    double[] down = {cy * sp, sy * sp, -cp};
    double cr = Math.cos(rollRad);
    double sr = Math.sin(rollRad);
    double[] rotation = new double[9];
    for (int i = 0; i < 3; i++) {
      rotation[3 * i] = cr * right[i] + sr * down[i];
      rotation[3 * i + 1] = cr * down[i] - sr * right[i];
      rotation[3 * i + 2] = forward[i];
    }
    return Se3.of(rotation, new double[] {x, y, z});
  }

  /** A camera that does not move. */
  static Trajectory still(Se3 T_world_cam) {
    return timeS -> T_world_cam;
  }
}
