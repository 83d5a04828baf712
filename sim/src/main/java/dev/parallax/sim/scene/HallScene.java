package dev.parallax.sim.scene;

import java.util.ArrayList;
import java.util.List;

/** A long hall that ends at a wall at x = 0; the camera comes from -x. */
final class HallScene {
  private static final double LENGTH_M = 30;
  private static final double HALF_WIDTH_M = 3;
  private static final double HEIGHT_M = 3.2;
  private static final double START_M = 16;
  private static final double STOP_M = 1;
  private static final double SPEED_MPS = 3;
  private static final double BRAKING_S = 1;

  private final long seed;

  HallScene(long seed) {
    this.seed = seed;
  }

  /** How long the approach takes until the camera stands, seconds. */
  static double durationS() {
    return (START_M - STOP_M) / SPEED_MPS + BRAKING_S / 2;
  }

  /** Straight at the wall at 3 m/s, braking within a second to stand 1 m before it. */
  static Trajectory approach() {
    return timeS -> Trajectory.looking(-START_M + wayM(timeS), 0.15, 1.1, 0, 0, 0);
  }

  /** Way covered: steady, then speed falls along a smoothstep so that acceleration joins up. */
  private static double wayM(double timeS) {
    double brakeFromS = durationS() - BRAKING_S;
    double s = Math.max(0, Math.min(1, (timeS - brakeFromS) / BRAKING_S));
    // Integral of 1 - smoothstep(s) = 1 - 3s^2 + 2s^3.
    double braked = BRAKING_S * (s - s * s * s + s * s * s * s / 2);
    return SPEED_MPS * (Math.min(timeS, brakeFromS) + braked);
  }

  Scene build() {
    Furniture furniture = new Furniture();
    Material floor =
        Material.tiled(new TexturePainter(seed + 2).tiles(0xB7AFA1, 0x8C8579, 0x5C5850, 4), 2);
    Material wall = Material.tiled(new TexturePainter(seed + 3).plaster(0xB9B59F, 36), 1.4);
    Material end = Material.tiled(new TexturePainter(seed + 4).brick(0x9E5A44, 0xB8AFA2, 20), 1.5);
    Material ceiling =
        Material.tiled(new TexturePainter(seed + 5).tiles(0xD2D2CC, 0xC6C6BF, 0x888884, 4), 2.4);
    List<Body> bodies = new ArrayList<>();
    double mid = HEIGHT_M / 2;
    bodies.add(slab(LENGTH_M, HALF_WIDTH_M, 0.1, 0, -0.1, floor));
    bodies.add(slab(LENGTH_M, HALF_WIDTH_M, 0.1, 0, HEIGHT_M + 0.1, ceiling));
    bodies.add(slab(LENGTH_M, 0.1, mid, HALF_WIDTH_M + 0.1, mid, wall));
    bodies.add(slab(LENGTH_M, 0.1, mid, -HALF_WIDTH_M - 0.1, mid, wall));
    bodies.add(
        Body.still(new Box(0.1, HALF_WIDTH_M, mid), Placement.at(0.1, 0, mid), end)
            .withoutShadow());
    Material rim = Material.plain(0x303030);
    for (int i = 0; i < 6; i++) {
      Texture poster = new PicturePainter(seed + 10 + i).poster();
      double x = -3 - 4.5 * (i / 2);
      double side = i % 2 == 0 ? 1 : -1;
      furniture.panel(
          Placement.upright(x, side * (HALF_WIDTH_M - 0.02), 0, side > 0 ? 0 : Math.PI),
          0.5,
          0.65,
          0.9,
          Material.picture(poster, 1, 1.3),
          rim);
      furniture.block(
          Placement.upright(x + 2, side * (HALF_WIDTH_M - 0.4), 0, 0),
          0.35,
          0.3,
          0.5,
          0,
          Material.picture(new PicturePainter(seed + 20 + i).carton(), 0.7, 1));
    }
    bodies.addAll(furniture.bodies());
    List<Lighting.Lamp> lamps =
        List.of(
            new Lighting.Lamp(-3, 0, HEIGHT_M - 0.2, 0.5, 4),
            new Lighting.Lamp(-12, 0, HEIGHT_M - 0.2, 0.5, 4));
    return new Scene(
        bodies, new Lighting(new double[] {-0.3, 0.2, 0.9}, 0.3, 0.45, 0.35, lamps, 20, null));
  }

  private static Body slab(double hx, double hy, double hz, double y, double z, Material material) {
    return Body.still(new Box(hx / 2, hy, hz), Placement.at(-hx / 2, y, z), material)
        .withoutShadow();
  }
}
