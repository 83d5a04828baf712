package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.OrderStatistic;

/**
 * Depth around the points by which a camera was found again: the nearest point's, the less sure the
 * farther away it is; what hands the scale on where nothing else is known.
 */
final class RelocatedDepth implements DepthHint {
  /** A point's own depth was triangulated by another keyframe. */
  private static final double OWN_RELATIVE_STD = 0.1;

  /** Depth of a scene varies so much. */
  private static final double SCENE_RELATIVE_STD = 0.6;

  /** How far from a point its depth says as much as nothing, pixels. */
  private static final double REACH_PX = 60;

  private final Relocaliser.Found found;
  private final double typical;

  RelocatedDepth(Relocaliser.Found found) {
    this.found = found;
    double[] copy = found.inverseDepth().clone();
    typical = OrderStatistic.median(copy, copy.length);
  }

  @Override
  public boolean at(float u, float v, double[] out) {
    double nearest = Double.POSITIVE_INFINITY;
    int which = 0;
    for (int i = 0; i < found.inliers(); i++) {
      double distance = Math.hypot(found.uv()[2 * i] - u, found.uv()[2 * i + 1] - v);
      if (distance < nearest) {
        nearest = distance;
        which = i;
      }
    }
    double away = Math.min(1, nearest / REACH_PX);
    double rho = (1 - away) * found.inverseDepth()[which] + away * typical;
    double std = rho * (OWN_RELATIVE_STD + away * (SCENE_RELATIVE_STD - OWN_RELATIVE_STD));
    out[0] = rho;
    out[1] = std * std;
    return true;
  }
}
