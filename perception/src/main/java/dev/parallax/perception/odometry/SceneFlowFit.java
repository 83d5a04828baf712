package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Optional;

/**
 * The camera's motion from the scene flow of the points, without a guess: points lifted by the
 * depth carried so far, matched by flow, and the rigid motion that explains most of them (Smith et
 * al. 2023), found by {@link RayAlignment}.
 *
 * <p>Points whose flow Lucas-Kanade did not confirm, and depths that are hardly known, weigh less.
 * Texture counts through the choice of the points.
 */
final class SceneFlowFit {
  private static final int MAX_SAMPLES = 400;
  private static final int MIN_SAMPLES = 12;
  private static final int ROUNDS = 10;

  /** A relative depth variance that halves a point's weight. */
  private static final double HALF_WEIGHT_VARIANCE = 0.04;

  private final PinholeCamera camera;
  private final RayAlignment alignment;

  SceneFlowFit(PinholeCamera camera) {
    this.camera = camera;
    alignment = new RayAlignment(camera.fx(), MAX_SAMPLES);
  }

  /**
   * @param misses for each point, in how many pictures in a row it went unconfirmed
   * @param T_prev_odom pose that belongs to the points' anchors
   * @return motion from the previous camera to this one; empty with too few points
   */
  Optional<RayAlignment.Motion> fit(
      PointTracks points, byte[] misses, KeyframeWindow window, Se3 T_prev_odom) {
    lift(points, misses, window, T_prev_odom);
    return alignment.count() < MIN_SAMPLES
        ? Optional.empty()
        : alignment.fit(Se3.identity(), ROUNDS);
  }

  /** Points in the previous camera and the rays on which they are seen now. */
  private void lift(PointTracks points, byte[] misses, KeyframeWindow window, Se3 T_prev_odom) {
    Se3[] T_prev_host = new Se3[PointTracks.SLOTS];
    for (Keyframe keyframe : window.keyframes()) {
      T_prev_host[keyframe.slot()] = T_prev_odom.times(keyframe.T_cam_odom().inverse());
    }
    alignment.clear();
    int step = (points.count + MAX_SAMPLES - 1) / MAX_SAMPLES;
    for (int i = 0; i < points.count; i += step) {
      double z = 1 / points.rho[i];
      double[] at =
          T_prev_host[points.host[i]].transform(points.hostX[i] * z, points.hostY[i] * z, z);
      if (at[2] > 0) {
        double relativeVariance = points.variance[i] * z * z;
        alignment.add(
            at,
            (points.uv[2 * i] - camera.cx()) / camera.fx(),
            (points.uv[2 * i + 1] - camera.cy()) / camera.fy(),
            1 / ((1 + misses[i]) * (1 + relativeVariance / HALF_WEIGHT_VARIANCE)));
      }
    }
  }
}
