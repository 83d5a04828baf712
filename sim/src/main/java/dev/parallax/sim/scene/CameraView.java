package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;
import java.util.List;

/**
 * A scene as a camera sees it at one instant. Rays are cast tile by tile: bounds on a tile's rays
 * pick the few bodies that they can meet, so that most rays test a handful. Read-only once made;
 * several threads may cast at once.
 */
final class CameraView {
  final Se3 T_world_cam;
  final double timeS;
  private final Scene scene;
  private final RayTable table;
  private final BodyView[] views;

  CameraView(Scene scene, RayTable table, Se3 T_world_cam, double timeS) {
    this.scene = scene;
    this.table = table;
    this.T_world_cam = T_world_cam;
    this.timeS = timeS;
    Se3 T_cam_world = T_world_cam.inverse();
    List<Body> bodies = scene.bodies();
    views = new BodyView[bodies.size()];
    for (int i = 0; i < views.length; i++) {
      Body body = bodies.get(i);
      views[i] = new BodyView(body, i, T_cam_world.times(body.motion().T_world_body(timeS)));
    }
  }

  Scene scene() {
    return scene;
  }

  RayTable table() {
    return table;
  }

  /** All bodies, in the order of the scene. Not to be written to. */
  BodyView[] bodies() {
    return views;
  }

  /** Finds the bodies that rays of a tile can meet. */
  void candidates(int tile, Candidates into) {
    double[] cones = table.cones;
    int cone = 5 * tile;
    into.clear();
    for (BodyView view : views) {
      if (view.reaches(
          cones[cone], cones[cone + 1], cones[cone + 2], cones[cone + 3], cones[cone + 4])) {
        double nearM = view.nearestMeeting(table.beams, 6 * tile);
        if (nearM < Double.POSITIVE_INFINITY) {
          into.add(view, nearM);
        }
      }
    }
  }
}
