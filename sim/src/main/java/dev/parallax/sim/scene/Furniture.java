package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.List;

/**
 * Pieces of furniture as bodies. Each stands on z = 0 of its own frame with its front towards -y,
 * and is put into the world by {@code T_world_piece}.
 */
final class Furniture {
  private final List<Body> bodies = new ArrayList<>();

  List<Body> bodies() {
    return bodies;
  }

  /** A plain block of the given half width and depth, standing at a height. */
  void block(
      Se3 T_world_piece, double hx, double hy, double hz, double bottomM, Material... faces) {
    bodies.add(
        Body.still(
            new Box(hx, hy, hz), T_world_piece.times(Placement.at(0, 0, bottomM + hz)), faces));
  }

  void pillar(Se3 T_world_piece, double x, double y, double r, double h, double z, Material m) {
    bodies.add(
        Body.still(new Cylinder(r, h / 2), T_world_piece.times(Placement.at(x, y, z + h / 2)), m));
  }

  void ball(Se3 T_world_piece, double x, double y, double z, Ellipsoid shape, Material m) {
    bodies.add(Body.still(shape, T_world_piece.times(Placement.at(x, y, z)), m));
  }

  void table(Se3 T_world_piece, double hx, double hy, double heightM, Material top, Material leg) {
    block(T_world_piece, hx, hy, 0.02, heightM - 0.04, top);
    for (int i = 0; i < 4; i++) {
      double x = (i % 2 == 0 ? -1 : 1) * (hx - 0.06);
      double y = (i < 2 ? -1 : 1) * (hy - 0.06);
      pillar(T_world_piece, x, y, 0.028, heightM - 0.04, 0, leg);
    }
  }

  void chair(Se3 T_world_piece, Material seat, Material leg) {
    block(T_world_piece, 0.22, 0.22, 0.025, 0.43, seat);
    Se3 back = T_world_piece.times(Placement.at(0, 0.2, 0));
    block(back, 0.21, 0.015, 0.17, 0.62, seat);
    for (int i = 0; i < 4; i++) {
      double x = (i % 2 == 0 ? -1 : 1) * 0.19;
      double y = (i < 2 ? -1 : 1) * 0.19;
      pillar(T_world_piece, x, y, 0.016, i < 2 ? 0.43 : 0.95, 0, leg);
    }
  }

  /** A bookcase whose front shows a picture of books. */
  void bookcase(Se3 T_world_piece, double hx, double hz, Texture books, Material wood) {
    Material front = Material.picture(books, 2 * hx, 2 * hz);
    block(T_world_piece, hx, 0.17, hz, 0, wood, wood, front, wood, wood, wood);
  }

  void sofa(Se3 T_world_piece, double hx, Material cloth, Material cushion) {
    block(T_world_piece, hx, 0.42, 0.2, 0.04, cloth);
    block(T_world_piece.times(Placement.at(0, 0.3, 0)), hx, 0.12, 0.2, 0.44, cloth);
    block(T_world_piece.times(Placement.at(-hx - 0.1, 0, 0)), 0.1, 0.42, 0.3, 0.02, cloth);
    block(T_world_piece.times(Placement.at(hx + 0.1, 0, 0)), 0.1, 0.42, 0.3, 0.02, cloth);
    ball(T_world_piece, -0.5 * hx, 0.05, 0.6, new Ellipsoid(0.22, 0.1, 0.2), cushion);
    ball(T_world_piece, 0.55 * hx, 0.02, 0.58, new Ellipsoid(0.2, 0.1, 0.18), cushion);
  }

  /** A desk with a screen, a keyboard and a mug. */
  void desk(Se3 T_world_piece, Material top, Material leg, Texture screen, Material dark) {
    table(T_world_piece, 0.75, 0.36, 0.74, top, leg);
    Material front = Material.picture(screen, 0.58, 0.34).glowing(0.5);
    Se3 display = T_world_piece.times(Placement.at(-0.1, 0.12, 0));
    block(display, 0.29, 0.02, 0.17, 0.86, dark, dark, front, dark);
    block(display, 0.03, 0.03, 0.06, 0.74, dark);
    block(T_world_piece.times(Placement.at(-0.1, -0.15, 0)), 0.22, 0.07, 0.01, 0.74, dark);
    pillar(T_world_piece, 0.45, -0.1, 0.04, 0.1, 0.74, leg);
  }

  void plant(Se3 T_world_piece, Material pot, Material leaves) {
    pillar(T_world_piece, 0, 0, 0.17, 0.36, 0, pot);
    pillar(T_world_piece, 0, 0, 0.02, 0.5, 0.36, pot);
    ball(T_world_piece, 0, 0, 0.95, new Ellipsoid(0.3, 0.3, 0.34), leaves);
    ball(T_world_piece, 0.14, 0.1, 1.25, new Ellipsoid(0.2, 0.22, 0.2), leaves);
    ball(T_world_piece, -0.15, -0.06, 1.15, new Ellipsoid(0.2, 0.17, 0.22), leaves);
  }

  /** Something flat on a wall: a poster or a window of the given half size. */
  void panel(
      Se3 T_world_piece, double hx, double hz, double bottomM, Material front, Material rim) {
    block(T_world_piece, hx, 0.015, hz, bottomM, rim, rim, front, rim, rim, rim);
  }
}
