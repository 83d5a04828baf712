package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.List;
import java.util.Optional;

/**
 * Points as several keyframes saw them, to learn the lens from. Nothing but the poses and depths,
 * which begin the search, depends on the one that was assumed.
 *
 * @param camera as assumed
 * @param T_view_odom the keyframes, oldest first
 * @param host for each point, the view that its depth is kept in
 * @param rho for each point, inverse depth in that view
 * @param uv {@code [view][n 2]} pixels, NaN where a view does not see a point
 */
public record FocalViews(
    PinholeCamera camera, List<Se3> T_view_odom, int[] host, double[] rho, float[][] uv) {
  /** With fewer views there is too little to tell a focal length by. */
  private static final int MIN_VIEWS = 5;

  private static final int MIN_SEEN = 3;
  private static final int MIN_POINTS = 80;
  private static final int MAX_POINTS = 500;
  private static final float MIN_TRUST = 0.5f;

  /** How many points there are. */
  int count() {
    return host.length;
  }

  boolean isSeen(int view, int i) {
    return !Float.isNaN(uv[view][2 * i]);
  }

  /**
   * What a window of keyframes saw, as it would have with all rows taken at once; empty if that is
   * too little.
   */
  static Optional<FocalViews> of(
      PinholeCamera camera, RollingShutter shutter, KeyframeWindow window, PointTracks points) {
    int views = window.size();
    if (views < MIN_VIEWS) {
      return Optional.empty();
    }
    int[] chosen = new int[points.count];
    int n = 0;
    for (int i = 0; i < points.count; i++) {
      int seen = 0;
      for (Keyframe keyframe : window.keyframes()) {
        seen += points.isSeen(keyframe.slot(), i) ? 1 : 0;
      }
      if (seen >= MIN_SEEN && points.trust[i] >= MIN_TRUST && points.rho[i] > 0) {
        chosen[n++] = i;
      }
    }
    if (n < MIN_POINTS) {
      return Optional.empty();
    }
    int stride = (n + MAX_POINTS - 1) / MAX_POINTS;
    int kept = (n + stride - 1) / stride;
    int[] host = new int[kept];
    double[] rho = new double[kept];
    float[][] uv = new float[views][2 * kept];
    RowsAtOnce atOnce = new RowsAtOnce(camera, shutter, window);
    for (int k = 0; k < kept; k++) {
      int i = chosen[k * stride];
      rho[k] = points.rho[i];
      for (int view = 0; view < views; view++) {
        host[k] = window.keyframes().get(view).slot() == points.host[i] ? view : host[k];
        atOnce.see(points, i, view, uv[view], 2 * k);
      }
    }
    return Optional.of(
        new FocalViews(
            camera, window.keyframes().stream().map(Keyframe::T_cam_odom).toList(), host, rho, uv));
  }
}
