package dev.parallax.sim.baseline;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One corner followed from picture to picture. One thread. */
final class Track {
  /**
   * Where a keyframe saw the corner.
   *
   * @param x viewing ray, x over z
   * @param y viewing ray, y over z
   */
  record Sighting(Keyframe keyframe, double x, double y) {}

  /** Pixel in the present picture. */
  float u;

  float v;

  /** Viewing ray in the present picture: x over z, y over z. */
  double x;

  double y;

  /** {@code [3]} in odom; null until it is triangulated. */
  double @Nullable [] point_odom;

  /** Keyframes that saw it, oldest first. */
  final List<Sighting> sightings = new ArrayList<>();

  Track(float u, float v, double x, double y) {
    this.u = u;
    this.v = v;
    this.x = x;
    this.y = y;
  }

  void seenBy(Keyframe keyframe) {
    sightings.add(new Sighting(keyframe, x, y));
  }
}
