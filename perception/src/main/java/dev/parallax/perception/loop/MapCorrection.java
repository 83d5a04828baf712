package dev.parallax.perception.loop;

import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.geometry.Sim3;

/**
 * The way from odom to map as it is shown: when a loop moves it, the camera glides to its new place
 * in the map instead of jumping. The part not yet made up is kept at the camera, so that a turn
 * about a far-away origin does not throw it about. One thread.
 */
final class MapCorrection {
  /** Share of the rest that each frame makes up: nine tenths within 22 frames. */
  private static final double SHARE_PER_FRAME = 0.1;

  private Sim3 S_map_odom = Sim3.identity();
  private double[] rest = new double[7];
  private boolean aimed;

  /** Aims at another correction from now on; what is shown stays where it is. */
  void aimAt(Sim3 newS_map_odom, Se3 T_odom_cam) {
    Sim3 shown = shown(T_odom_cam);
    aimed = true;
    S_map_odom = newS_map_odom;
    Sim3 aim = S_map_odom.times(Sim3.of(T_odom_cam));
    rest = aim.inverse().times(shown).chart();
  }

  /** One frame later: makes up a share of the rest. */
  void advance() {
    for (int k = 0; k < rest.length; k++) {
      rest[k] *= 1 - SHARE_PER_FRAME;
    }
  }

  /**
   * The rigid motion from odom to map that puts the camera where the map shows it; identity before
   * anything was aimed at.
   */
  Se3 T_map_odom(Se3 T_odom_cam) {
    return aimed ? shown(T_odom_cam).T_a_b().times(T_odom_cam.inverse()) : Se3.identity();
  }

  private Sim3 shown(Se3 T_odom_cam) {
    return S_map_odom.times(Sim3.of(T_odom_cam)).times(Sim3.ofChart(rest));
  }
}
