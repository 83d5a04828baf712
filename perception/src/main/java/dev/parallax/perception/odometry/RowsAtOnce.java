package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.List;

/**
 * Where keyframes would have seen points if all rows had been read with the middle one: what the
 * camera's motion does meanwhile, by the readout as learnt, is taken off.
 */
final class RowsAtOnce {
  private final PinholeCamera camera;
  private final RollingShutter shutter;
  private final List<Keyframe> keyframes;
  private final ViewPair[][] pairs; // by view and the host's slot
  private final PointInView point = new PointInView();

  RowsAtOnce(PinholeCamera camera, RollingShutter shutter, KeyframeWindow window) {
    this.camera = camera;
    this.shutter = shutter;
    keyframes = window.keyframes();
    pairs = new ViewPair[keyframes.size()][PointTracks.SLOTS];
    Se3[] T_cam_odom = keyframes.stream().map(Keyframe::T_cam_odom).toArray(Se3[]::new);
    ViewPair.fill(keyframes, T_cam_odom, pairs);
  }

  /**
   * @param out receives u and v at an index; NaN where the view does not see the point
   */
  void see(PointTracks points, int i, int view, float[] out, int at) {
    int slot = keyframes.get(view).slot();
    float u = points.seen[slot][2 * i];
    float v = points.seen[slot][2 * i + 1];
    int host = points.host[i];
    ViewPair pair = pairs[view][host];
    double hostS = shutter.rowS(points.seen[host][2 * i + 1]);
    boolean inFront = point.place(points, i, points.rho[i], pair, hostS, shutter.rowS(v));
    double rolledX = point.px / point.pz;
    double rolledY = point.py / point.pz;
    if (slot == host) {
      rolledX = points.hostX[i];
      rolledY = points.hostY[i];
    }
    inFront &= point.place(points, i, points.rho[i], pair, hostS, 0);
    if (inFront) {
      u -= (float) (camera.fx() * (rolledX - point.px / point.pz));
      v -= (float) (camera.fy() * (rolledY - point.py / point.pz));
    }
    out[at] = u;
    out[at + 1] = v;
  }
}
