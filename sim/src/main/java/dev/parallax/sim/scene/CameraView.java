package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A scene as a camera sees it at one instant. Rays are cast tile by tile: a tile's cone picks the
 * few bodies that its rays can meet, nearest first, so that most rays test a handful of bodies.
 * Read-only once made; several threads may cast at once.
 */
final class CameraView {
  final Se3 T_world_cam;
  final double timeS;
  private final Scene scene;
  private final RayTable table;
  private final BodyView[] nearestFirst;

  CameraView(Scene scene, RayTable table, Se3 T_world_cam, double timeS) {
    this.scene = scene;
    this.table = table;
    this.T_world_cam = T_world_cam;
    this.timeS = timeS;
    Se3 T_cam_world = T_world_cam.inverse();
    List<Body> bodies = scene.bodies();
    nearestFirst = new BodyView[bodies.size()];
    for (int i = 0; i < nearestFirst.length; i++) {
      Body body = bodies.get(i);
      nearestFirst[i] = new BodyView(body, i, T_cam_world.times(body.motion().T_world_body(timeS)));
    }
    Arrays.sort(nearestFirst, Comparator.comparingDouble(view -> view.nearM));
  }

  Scene scene() {
    return scene;
  }

  RayTable table() {
    return table;
  }

  /** All bodies, nearest first. Not to be written to. */
  BodyView[] bodies() {
    return nearestFirst;
  }

  /**
   * The bodies that rays of a tile can meet, nearest first.
   *
   * @param into receives them; as long as {@link #bodies()}
   * @return how many there are
   */
  int candidates(int tile, BodyView[] into) {
    double[] cones = table.cones;
    int at = 5 * tile;
    int count = 0;
    for (BodyView view : nearestFirst) {
      if (view.reaches(cones[at], cones[at + 1], cones[at + 2], cones[at + 3], cones[at + 4])) {
        into[count++] = view;
      }
    }
    return count;
  }

  /** Casts a unit ray from the camera against candidates that are sorted nearest first. */
  static void cast(double dx, double dy, double dz, BodyView[] candidates, int count, Hit hit) {
    double best = Double.POSITIVE_INFINITY;
    BodyView met = null;
    for (int i = 0; i < count; i++) {
      BodyView view = candidates[i];
      if (view.nearM >= best) {
        break;
      }
      double t = view.enter(dx, dy, dz);
      if (t < best) {
        best = t;
        met = view;
      }
    }
    hit.view = met;
    hit.rangeM = best;
    if (met == null) {
      return;
    }
    hit.x = met.ox + best * (met.m00 * dx + met.m01 * dy + met.m02 * dz);
    hit.y = met.oy + best * (met.m10 * dx + met.m11 * dy + met.m12 * dz);
    hit.z = met.oz + best * (met.m20 * dx + met.m21 * dy + met.m22 * dz);
    met.shape.describe(hit.x, hit.y, hit.z, hit.surface);
  }
}
