package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;

/** Poses of bodies in words. */
final class Placement {
  private Placement() {}

  /** Upright at a place, its front (the -y side) turned by {@code yawRad} about z. */
  static Se3 upright(double x, double y, double z, double yawRad) {
    double c = Math.cos(yawRad);
    double s = Math.sin(yawRad);
    return Se3.of(new double[] {c, -s, 0, s, c, 0, 0, 0, 1}, new double[] {x, y, z});
  }

  static Se3 at(double x, double y, double z) {
    return Se3.ofTranslation(x, y, z);
  }

  /** A turn about the y axis, which lifts what points along -z towards +x for a negative angle. */
  static Se3 aboutY(double angleRad) {
    double c = Math.cos(angleRad);
    double s = Math.sin(angleRad);
    return Se3.of(new double[] {c, 0, s, 0, 1, 0, -s, 0, c}, new double[3]);
  }

  /** A turn about the x axis. */
  static Se3 aboutX(double angleRad) {
    double c = Math.cos(angleRad);
    double s = Math.sin(angleRad);
    return Se3.of(new double[] {1, 0, 0, 0, c, -s, 0, s, c}, new double[3]);
  }
}
