package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.List;

/**
 * A furnished room of 11 by 8.5 m: shelves, desks and a sofa along the walls, a table with chairs
 * in the middle, and people who walk about. A ring between the walls' furniture and the middle is
 * left free for the robot, everywhere at least half a metre from anything.
 */
final class RoomScene {
  static final double HALF_X = 5.5;
  static final double HALF_Y = 4.25;
  static final double HEIGHT_M = 2.8;

  private static final int SKIN = 0xC99A7C;

  private final long seed;
  private final TexturePainter painter;
  private final Furniture furniture = new Furniture();
  private final Material wood;
  private final Material darkWood;
  private final Material steel;
  private final Material dark;

  RoomScene(long seed) {
    this.seed = seed;
    painter = new TexturePainter(seed);
    wood = Material.tiled(painter.wood(0xC79A62, 6), 0.9);
    darkWood = Material.tiled(new TexturePainter(seed + 1).wood(0x80552F, 5), 0.8);
    steel = Material.tiled(painter.painted(0x8E9499), 0.5);
    dark = Material.tiled(painter.painted(0x33363A), 0.4);
  }

  /** The way a robot drives: the camera at 0.8 m, half a metre a second, about 34 s a round. */
  static Trajectory tour() {
    return new RoomTour(robotPath(), 0.5, 0.8, Math.toRadians(-4), 0.9, Math.toRadians(32));
  }

  /** A person's way with a camera in the hand: quicker, higher and shaken. */
  static Trajectory handheldTour(long seed) {
    Trajectory walk = new RoomTour(robotPath(), 0.8, 1.2, Math.toRadians(-9), 0.9, 0.7);
    return new Handheld(walk, seed, 0.018, Math.toRadians(1.6), 0.5, 3.5);
  }

  /** A camera on a tripod in a corner that sees the table and the walkers. */
  static Trajectory tripod() {
    return Trajectory.still(Trajectory.looking(-3.3, -2.0, 1.0, 0.55, Math.toRadians(-5), 0));
  }

  /**
   * Steps 0.45 m aside within two seconds, turns on the spot by 120 degrees within the next four,
   * so that nothing of before is left in view, and steps aside again.
   */
  static Trajectory turn() {
    return timeS -> {
      double yaw = 0.55 - Math.toRadians(120) * eased((timeS - 2) / 4);
      Se3 first = Trajectory.looking(-1.0, -1.8, 1.0, 0.55, Math.toRadians(-5), 0);
      double[] at = first.transform(0.45 * eased(timeS / 2), 0, 0);
      Se3 turned = Trajectory.looking(at[0], at[1], at[2], yaw, Math.toRadians(-5), 0);
      return turned.times(Se3.ofTranslation(0.25 * Math.max(0, timeS - 6), 0, 0));
    };
  }

  /** From 0 to 1 with a speed and an acceleration that are 0 at both ends. */
  private static double eased(double share) {
    double s = Math.max(0, Math.min(1, share));
    return s * s * s * (10 + s * (6 * s - 15));
  }

  static ClosedPath robotPath() {
    return ClosedPath.around(0, 0, 3.4, 2.4);
  }

  Scene build() {
    List<Body> bodies = new ArrayList<>(shell());
    furnishNorthAndSouth();
    furnishEastAndWest();
    furnishMiddle();
    hangPictures();
    hangLamps();
    bodies.addAll(furniture.bodies());
    for (Walker walker : walkers()) {
      bodies.addAll(walker.bodies());
    }
    List<Lighting.Lamp> lamps =
        List.of(
            new Lighting.Lamp(-2.6, 0, HEIGHT_M - 0.15, 0.45, 3.0),
            new Lighting.Lamp(2.6, 0.4, HEIGHT_M - 0.15, 0.45, 3.0));
    return new Scene(
        bodies, new Lighting(new double[] {0.35, -0.28, 0.9}, 0.4, 0.36, 0.46, lamps, 12, null));
  }

  private List<Body> shell() {
    Material floor = Material.tiled(new TexturePainter(seed + 2).wood(0xA98258, 10), 1.5);
    Material ceiling = Material.tiled(painter.tiles(0xD9D9D4, 0xCFCFC8, 0x9A9A96, 4), 2.4);
    Material brick =
        Material.tiled(new TexturePainter(seed + 3).brick(0xA65B43, 0xB9B0A4, 20), 1.5);
    Material paper = Material.tiled(new TexturePainter(seed + 4).plaster(0xC9C2A8, 34), 1.3);
    Material weak = Material.tiled(new TexturePainter(seed + 5).plaster(0xD6D8D2, 4), 1.7);
    Material rough = Material.tiled(new TexturePainter(seed + 6).plaster(0x8FA3A8, 30), 1.2);
    double t = 0.1;
    double mid = HEIGHT_M / 2;
    return List.of(
        slab(HALF_X + t, HALF_Y + t, t, 0, 0, -t, floor),
        slab(HALF_X + t, HALF_Y + t, t, 0, 0, HEIGHT_M + t, ceiling),
        slab(HALF_X + t, t, mid, 0, HALF_Y + t, mid, brick),
        slab(HALF_X + t, t, mid, 0, -HALF_Y - t, mid, paper),
        slab(t, HALF_Y + t, mid, HALF_X + t, 0, mid, weak),
        slab(t, HALF_Y + t, mid, -HALF_X - t, 0, mid, rough));
  }

  /** Bright panels in the ceiling where the lamps are. */
  private void hangLamps() {
    Material shine = Material.tiled(painter.painted(0xFFFCF0), 0.6).glowing(1);
    for (double x = -2.6; x < 3; x += 5.2) {
      furniture
          .bodies()
          .add(
              Body.still(new Box(0.6, 0.15, 0.03), Placement.at(x, 0.2, HEIGHT_M - 0.03), shine)
                  .withoutShadow());
    }
  }

  private static Body slab(
      double hx, double hy, double hz, double x, double y, double z, Material material) {
    return Body.still(new Box(hx, hy, hz), Placement.at(x, y, z), material).withoutShadow();
  }

  private void furnishNorthAndSouth() {
    PicturePainter pictures = new PicturePainter(seed + 20);
    furniture.bookcase(north(-4.2, 0.2), 0.6, 1.0, pictures.books(5), darkWood);
    furniture.bookcase(north(-2.9, 0.2), 0.6, 0.8, new PicturePainter(seed + 21).books(4), wood);
    furniture.desk(north(0.6, 0.5), wood, steel, pictures.screen(), dark);
    Material seat = Material.tiled(new TexturePainter(seed + 8).cloth(0x3F5C84), 0.7);
    furniture.chair(Placement.upright(0.5, HALF_Y - 1.05, 0, Math.PI + 0.3), seat, steel);
    furniture.plant(north(2.3, 0.4), clay(), leaves());
    Material sofa = Material.tiled(new TexturePainter(seed + 9).plaid(0x7C3B35, 0xB98C5A, 6), 0.9);
    Material cushion =
        Material.tiled(new TexturePainter(seed + 10).stripes(0xE3D9B8, 0x35688A, 7), 0.5);
    furniture.sofa(south(-1.2, 0.48), 0.85, sofa, cushion);
    furniture.table(south(-1.2, 1.25), 0.4, 0.22, 0.42, darkWood, darkWood);
    furniture.block(south(1.6, 0.26), 0.8, 0.24, 0.42, 0, darkWood);
    furniture.pillar(south(1.3, 0.26), 0, 0, 0.09, 0.26, 0.84, clay());
    furniture.block(south(1.9, 0.26), 0.16, 0.11, 0.12, 0.84, wood);
    furniture.plant(south(-3.6, 0.45), clay(), leaves());
  }

  private void furnishEastAndWest() {
    PicturePainter pictures = new PicturePainter(seed + 30);
    Material carton = Material.picture(pictures.carton(), 0.52, 0.44);
    furniture.block(east(-2.6, 0.35), 0.26, 0.26, 0.22, 0, carton);
    furniture.block(east(-2.62, 0.34), 0.24, 0.22, 0.18, 0.44, carton);
    furniture.block(east(-1.9, 0.4), 0.3, 0.25, 0.22, 0, carton);
    Material drum =
        Material.tiled(new TexturePainter(seed + 11).stripes(0x2E5E9E, 0xD9D4C4, 3), 0.9);
    furniture.pillar(east(-0.9, 0.45), 0, 0, 0.29, 0.88, 0, drum);
    furniture.bookcase(east(0.5, 0.2), 0.55, 0.95, new PicturePainter(seed + 31).books(5), wood);
    furniture.desk(west(-0.6, 0.5), darkWood, steel, new PicturePainter(seed + 32).screen(), dark);
    Material seat = Material.tiled(new TexturePainter(seed + 12).cloth(0x7A4A2C), 0.7);
    furniture.chair(Placement.upright(-HALF_X + 1.2, -0.5, 0, Math.PI / 2 + 2.8), seat, dark);
    furniture.bookcase(west(1.6, 0.2), 0.7, 0.6, new PicturePainter(seed + 33).books(3), wood);
    furniture.pillar(west(2.9, 0.5), 0, 0, 0.2, 1.1, 0, steel);
    furniture.block(west(-2.8, 0.4), 0.35, 0.3, 0.5, 0, wood);
  }

  private void furnishMiddle() {
    Se3 table = Placement.upright(0, 0, 0, 0.1);
    furniture.table(table, 0.62, 0.38, 0.75, wood, darkWood);
    Material bowl =
        Material.tiled(new TexturePainter(seed + 13).stripes(0xD8D0BC, 0x9C3E33, 4), 0.25);
    furniture.ball(table, 0.2, 0.05, 0.83, new Ellipsoid(0.13, 0.13, 0.08), bowl);
    furniture.pillar(table, -0.3, -0.1, 0.05, 0.24, 0.75, clay());
    Material carton = Material.picture(new PicturePainter(seed + 34).carton(), 0.3, 0.2);
    furniture.block(table.times(Placement.at(-0.05, 0.18, 0)), 0.15, 0.1, 0.1, 0.75, carton);
    Material rug = Material.tiled(new TexturePainter(seed + 14).plaid(0x7D2F2B, 0xC7A76A, 8), 1.4);
    furniture
        .bodies()
        .add(
            Body.still(new Box(1.5, 1.0, 0.004), Placement.upright(0, 0, 0.004, 0.1), rug)
                .withoutShadow());
  }

  private void hangPictures() {
    Material rim = dark;
    Material white = Material.tiled(painter.painted(0xE4E2DC), 0.5);
    for (int i = 0; i < 3; i++) {
      Texture poster = new PicturePainter(seed + 40 + i).poster();
      furniture.panel(
          east(-1.6 + 1.7 * i + (i == 1 ? 0.3 : 0), 0.02),
          0.4,
          0.52,
          1.3,
          Material.picture(poster, 0.8, 1.04),
          rim);
    }
    Material view = Material.picture(new PicturePainter(seed + 44).windowView(), 1.5, 1.2);
    furniture.panel(south(-1.2, 0.02), 0.75, 0.6, 1.15, view.glowing(0.7), white);
    furniture.panel(south(2.6, 0.02), 0.75, 0.6, 1.15, view.glowing(0.7), white);
    Texture map = new PicturePainter(seed + 45).poster();
    furniture.panel(west(-0.6, 0.02), 0.65, 0.45, 1.4, Material.picture(map, 1.3, 0.9), rim);
    furniture.panel(
        north(3.6, 0.02),
        0.45,
        1.03,
        0,
        Material.picture(new TexturePainter(seed + 15).wood(0x9C6B40, 3), 0.9, 2.06),
        white);
  }

  private List<Walker> walkers() {
    ClosedPath round = ClosedPath.around(0, 0, 1.45, 1.05);
    ClosedPath corner = ClosedPath.around(4.2, 2.9, 0.85, 0.75);
    return List.of(
        new Walker(
            round, 0.9, 0, clothes(50, painterCloth(51).plaid(0xB03A3A, 0xE8E0D0, 5), 0x2E3F66)),
        new Walker(
            round,
            0.9,
            round.lengthM() / 2,
            clothes(60, painterCloth(61).stripes(0x2F7A5E, 0xE6E2CF, 6), 0x4A4038)),
        new Walker(
            corner, 0.7, 0, clothes(70, painterCloth(71).plaid(0x3D5FA8, 0xDAB84A, 7), 0x55585E)));
  }

  private TexturePainter painterCloth(int offset) {
    return new TexturePainter(seed + offset);
  }

  private Walker.Clothes clothes(int offset, Texture shirt, int trousersRgb) {
    TexturePainter cloth = painterCloth(offset);
    return new Walker.Clothes(
        Material.tiled(shirt, 0.45),
        Material.tiled(cloth.cloth(trousersRgb), 0.4),
        Material.tiled(cloth.plaster(SKIN, 14), 0.3),
        Material.tiled(cloth.foliage(0x4A3628), 0.4),
        Material.tiled(cloth.painted(0x2A2522), 0.3));
  }

  private Material clay() {
    return Material.tiled(painter.plaster(0xA9683F, 30), 0.6);
  }

  private Material leaves() {
    return Material.tiled(painter.foliage(0x4F8A3C), 0.8);
  }

  /** Against the wall of that side, its front into the room, {@code outM} from the wall. */
  private static Se3 north(double x, double outM) {
    return Placement.upright(x, HALF_Y - outM, 0, 0);
  }

  private static Se3 south(double x, double outM) {
    return Placement.upright(x, -HALF_Y + outM, 0, Math.PI);
  }

  private static Se3 east(double y, double outM) {
    return Placement.upright(HALF_X - outM, y, 0, -Math.PI / 2);
  }

  private static Se3 west(double y, double outM) {
    return Placement.upright(-HALF_X + outM, y, 0, Math.PI / 2);
  }
}
