package dev.parallax.sim.scene;

import java.util.ArrayList;
import java.util.List;

/** A room painted white all over, in which a picture and a carton are all there is to follow. */
final class BareScene {
  private static final double HALF_M = 4;
  private static final double HEIGHT_M = 3;
  private static final double SPEED_MPS = 0.25;

  private final long seed;

  BareScene(long seed) {
    this.seed = seed;
  }

  /** Aside and a little ahead, the picture and the carton in view. */
  static Trajectory slide() {
    return timeS ->
        Trajectory.looking(
            -2.2 + 0.3 * SPEED_MPS * timeS, 0.6 - SPEED_MPS * timeS, 1.2, 0, -0.06, 0);
  }

  Scene build() {
    Material white = Material.plain(0xC8C8C4);
    List<Body> bodies = new ArrayList<>();
    double mid = HEIGHT_M / 2;
    bodies.add(slab(HALF_M, HALF_M, 0.1, 0, 0, -0.1, Material.plain(0x8C8C8A)));
    bodies.add(slab(HALF_M, HALF_M, 0.1, 0, 0, HEIGHT_M + 0.1, Material.plain(0xE0E0DE)));
    bodies.add(slab(0.1, HALF_M, mid, HALF_M + 0.1, 0, mid, white));
    bodies.add(slab(0.1, HALF_M, mid, -HALF_M - 0.1, 0, mid, white));
    bodies.add(slab(HALF_M, 0.1, mid, 0, HALF_M + 0.1, mid, Material.plain(0x9A9A98)));
    bodies.add(slab(HALF_M, 0.1, mid, 0, -HALF_M - 0.1, mid, Material.plain(0x6E6E6C)));
    Furniture furniture = new Furniture();
    Texture poster = new PicturePainter(seed + 10).poster();
    furniture.panel(
        Placement.upright(HALF_M - 0.02, 0, 0, -Math.PI / 2),
        0.45,
        0.6,
        0.7,
        Material.picture(poster, 0.9, 1.2),
        Material.plain(0x303030));
    furniture.block(
        Placement.upright(1.2, -0.7, 0, 0.3),
        0.25,
        0.25,
        0.45,
        0.4,
        Material.picture(new PicturePainter(seed + 11).carton(), 0.5, 0.9));
    bodies.addAll(furniture.bodies());
    List<Lighting.Lamp> lamps = List.of(new Lighting.Lamp(0, 0, HEIGHT_M - 0.2, 0.6, 5));
    return new Scene(
        bodies, new Lighting(new double[] {-0.3, 0.2, 0.9}, 0.3, 0.45, 0.35, lamps, 20, null));
  }

  private static Body slab(
      double hx, double hy, double hz, double x, double y, double z, Material material) {
    return Body.still(new Box(hx, hy, hz), Placement.at(x, y, z), material).withoutShadow();
  }
}
