package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.scene.TextureBank.Kind;

/** Rooms, tabletops, corridors and warehouses of random size, furnishing and light. */
final class IndoorWorlds {
  private static final double WALL_M = 0.1;

  private final WorldBuilder b;
  private final Furniture furniture;

  IndoorWorlds(WorldBuilder builder) {
    b = builder;
    furniture = builder.furniture;
  }

  MadeUpWorld room() {
    double hx = b.between(1.3, 4.8);
    double hy = b.between(1.3, 4.8);
    double heightM = b.between(2.2, 3.6);
    shell(hx, hy, heightM);
    for (int side = 0; side < 4; side++) {
      furnishWall(side, side % 2 == 0 ? hx : hy, side % 2 == 0 ? hy : hx, heightM);
    }
    int pieces = b.random.nextInt(4);
    for (int i = 0; i < pieces; i++) {
      piece(
          Placement.upright(
              b.between(-0.6, 0.6) * hx, b.between(-0.6, 0.6) * hy, 0, b.between(0, 6.3)));
    }
    b.clutter(Se3.identity(), 0.9 * hx, 0.9 * hy, 0, b.random.nextInt(8), 0.5);
    int people = Math.max(0, b.random.nextInt(5) - 2);
    for (int i = 0; i < people; i++) {
      b.person(b.between(-0.7, 0.7) * hx, b.between(-0.7, 0.7) * hy);
    }
    return new MadeUpWorld(
        b.build(b.indoorLight(hx, hy, heightM)),
        CameraRange.around(
            new double[] {-hx + 0.4, -hy + 0.4, 0.35}, new double[] {hx - 0.4, hy - 0.4, 1.8}));
  }

  /** The camera stands before a loaded table, desk or counter, looking at it. */
  MadeUpWorld tabletop() {
    double hx = b.between(1.4, 3.5);
    double hy = b.between(1.4, 3.5);
    double heightM = b.between(2.3, 3.2);
    shell(hx, hy, heightM);
    double topM = b.between(0.65, 0.95);
    double halfWidthM = b.between(0.5, 1.2);
    double halfDepthM = b.between(0.28, 0.5);
    double y = hy - halfDepthM - (b.chance(0.6) ? 0 : b.between(0, 0.6));
    Se3 place = Placement.upright(0, y, 0, 0);
    if (b.chance(0.5)) {
      furniture.table(place, halfWidthM, halfDepthM, topM, wood(), b.material(Kind.METAL));
    } else {
      furniture.block(place, halfWidthM, halfDepthM, topM / 2, 0, wood());
    }
    b.clutter(place, halfWidthM, halfDepthM, topM, 4 + b.random.nextInt(14), 0.35);
    if (b.chance(0.4)) {
      screens(place, halfWidthM, topM);
    }
    if (b.chance(0.4)) {
      wallCabinets(hx, hy, topM);
    }
    for (int side = 1; side < 4; side++) {
      furnishWall(side, side % 2 == 0 ? hx : hy, side % 2 == 0 ? hy : hx, heightM);
    }
    b.clutter(Se3.identity(), hx, 0.6 * hy, 0, b.random.nextInt(4), 0.5);
    double[] low = {-halfWidthM - 0.3, y - halfDepthM - 1.4, topM + 0.1};
    double[] high = {halfWidthM + 0.3, y - halfDepthM - 0.1, topM + 0.8};
    return new MadeUpWorld(
        b.build(b.indoorLight(hx, hy, heightM)),
        new CameraRange(
            low, high, Math.PI / 2, Math.toRadians(50), Math.toRadians(-22), Math.toRadians(12)));
  }

  MadeUpWorld corridor() {
    double hx = b.between(5, 20);
    double hy = b.between(0.7, 1.8);
    double heightM = b.between(2.2, 3.4);
    shell(hx, hy, heightM);
    for (int side = -1; side <= 1; side += 2) {
      for (double x = -hx + 1; x < hx - 1; x += b.between(1.2, 4)) {
        Se3 place = Placement.upright(x, side * (hy - 0.02), 0, side > 0 ? 0 : Math.PI);
        if (b.chance(0.6)) {
          Material door = b.chance(0.5) ? b.material(Kind.WOOD) : b.material(Kind.METAL);
          furniture.panel(place, 0.45, 1.02, 0, door, b.material(Kind.METAL));
        } else {
          hang(place);
        }
      }
    }
    b.clutter(Se3.identity(), hx, 0.85 * hy, 0, b.random.nextInt(10), 0.6);
    if (b.chance(0.4)) {
      b.person(b.between(-0.8, 0.8) * hx, b.between(-0.4, 0.4) * hy);
    }
    return new MadeUpWorld(
        b.build(b.indoorLight(hx, hy, heightM)),
        new CameraRange(
            new double[] {-0.9 * hx, -hy + 0.3, 0.3},
            new double[] {0.7 * hx, hy - 0.3, 1.8},
            0,
            Math.toRadians(b.chance(0.7) ? 25 : 180),
            Math.toRadians(-4),
            Math.toRadians(8)));
  }

  MadeUpWorld warehouse() {
    double hx = b.between(8, 25);
    double hy = b.between(5, 12);
    double heightM = b.between(4, 9);
    shell(hx, hy, heightM);
    double aisleM = b.between(2, 4);
    for (double y = -hy + 1; y < hy - 1; y += aisleM + 1.2) {
      rack(y, hx - 2, heightM);
    }
    b.clutter(Se3.identity(), hx, hy, 0, 4 + b.random.nextInt(10), 1.2);
    return new MadeUpWorld(
        b.build(b.indoorLight(hx, hy, heightM)),
        new CameraRange(
            new double[] {-hx + 1, -hy + 1.8, 0.3},
            new double[] {hx - 1, hy - 1.8, 2},
            b.chance(0.5) ? 0 : Math.PI,
            Math.toRadians(b.chance(0.6) ? 35 : 180),
            Math.toRadians(-2),
            Math.toRadians(8)));
  }

  private void shell(double hx, double hy, double heightM) {
    double t = WALL_M;
    Material wall = b.material(Kind.WALL);
    b.slab(new double[] {-hx, -hy, -t}, new double[] {hx, hy, 0}, b.material(Kind.FLOOR));
    b.slab(
        new double[] {-hx, -hy, heightM},
        new double[] {hx, hy, heightM + t},
        b.material(Kind.WALL));
    for (int side = -1; side <= 1; side += 2) {
      Material x = b.chance(0.5) ? wall : b.material(Kind.WALL);
      Material y = b.chance(0.5) ? wall : b.material(Kind.WALL);
      double atX = side > 0 ? hx : -hx - t;
      double atY = side > 0 ? hy : -hy - t;
      b.slab(new double[] {atX, -hy, 0}, new double[] {atX + t, hy, heightM}, x);
      b.slab(new double[] {-hx, atY, 0}, new double[] {hx, atY + t, heightM}, y);
    }
  }

  /** Side 0 to 3 is +y, +x, -y, -x; {@code halfM} along the wall, {@code outM} from the middle. */
  private void furnishWall(int side, double halfM, double outM, double heightM) {
    Se3 turn = Placement.upright(0, 0, 0, -side * Math.PI / 2);
    for (double along = -halfM + 0.4; along < halfM - 0.4; along += b.between(0.7, 2)) {
      if (b.chance(0.55)) {
        piece(turn.times(Placement.at(along, outM - b.between(0.2, 0.5), 0)));
      }
      if (b.chance(0.4) && heightM > 2) {
        hang(turn.times(Placement.at(along, outM - 0.02, 0)));
      }
    }
  }

  private void piece(Se3 place) {
    switch (b.random.nextInt(8)) {
      case 0 ->
          furniture.bookcase(
              place, b.between(0.3, 0.7), b.between(0.4, 1.1), b.texture(Kind.PICTURE), wood());
      case 1 -> {
        furniture.desk(
            place, wood(), b.material(Kind.METAL), b.texture(Kind.PICTURE), b.material(Kind.METAL));
        b.clutter(place, 0.6, 0.3, 0.74, b.random.nextInt(5), 0.25);
      }
      case 2 ->
          furniture.sofa(place, b.between(0.5, 1), b.material(Kind.CLOTH), b.material(Kind.CLOTH));
      case 3 -> {
        double topM = b.between(0.4, 0.8);
        furniture.table(place, b.between(0.3, 0.8), b.between(0.25, 0.45), topM, wood(), wood());
        b.clutter(place, 0.25, 0.25, topM, b.random.nextInt(5), 0.3);
      }
      case 4 -> furniture.chair(place, b.material(Kind.CLOTH), b.material(Kind.METAL));
      case 5 -> furniture.plant(place, b.anyMaterial(), b.material(Kind.LEAVES));
      case 6 -> {
        double hz = b.between(0.2, 1);
        furniture.block(place, b.between(0.2, 0.8), 0.28, hz, 0, wood());
        b.clutter(place, 0.2, 0.2, 2 * hz, b.random.nextInt(4), 0.3);
      }
      default ->
          furniture.pillar(
              place, 0, 0, b.between(0.05, 0.3), b.between(0.4, 2.2), 0, b.anyMaterial());
    }
  }

  private void hang(Se3 place) {
    double hx = b.between(0.2, 0.8);
    double hz = b.between(0.2, 0.7);
    Material front = b.picture(2 * hx, 2 * hz);
    furniture.panel(
        place,
        hx,
        hz,
        b.between(0.9, 1.4),
        b.chance(0.4) ? front.glowing(b.between(0.2, 1)) : front,
        b.material(Kind.METAL));
  }

  private void screens(Se3 place, double halfWidthM, double topM) {
    int count = 1 + b.random.nextInt(3);
    for (int i = 0; i < count; i++) {
      Se3 at = place.times(Placement.at(b.between(-1, 1) * halfWidthM, b.between(0, 0.2), 0));
      double hx = b.between(0.18, 0.35);
      double hz = b.between(0.13, 0.22);
      Material dark = b.material(Kind.METAL);
      Material front = b.picture(2 * hx, 2 * hz).glowing(b.between(0, 0.8));
      furniture.block(at, hx, 0.025, hz, topM + 0.1, dark, dark, front, dark);
      furniture.block(at, 0.04, 0.04, 0.05, topM, dark);
    }
  }

  private void wallCabinets(double hx, double hy, double topM) {
    Material front = wood();
    for (double x = -hx; x < hx; x += 0.62) {
      if (b.chance(0.7)) {
        furniture.block(Placement.upright(x, hy - 0.18, 0, 0), 0.3, 0.18, 0.35, topM + 0.5, front);
      }
    }
  }

  private void rack(double y, double halfM, double heightM) {
    Material steel = b.material(Kind.METAL);
    double levelM = b.between(1.2, 1.8);
    int levels = Math.min(4, (int) (heightM / levelM));
    for (double x = -halfM; x <= halfM; x += 2.7) {
      Se3 upright = Placement.at(x, y, 0);
      furniture.block(upright, 0.05, 0.5, levels * levelM / 2, 0, steel);
      for (int level = 0; level < levels; level++) {
        Se3 shelf = Placement.at(x + 1.35, y, 0);
        if (level > 0) {
          furniture.block(shelf, 1.3, 0.5, 0.05, level * levelM - 0.1, steel);
        }
        for (double dx = -0.9; dx < 1; dx += 0.9) {
          if (b.chance(0.65)) {
            furniture.block(
                shelf.times(Placement.at(dx, b.between(-0.1, 0.1), 0)),
                b.between(0.2, 0.42),
                b.between(0.2, 0.45),
                b.between(0.15, levelM / 2 - 0.12),
                level * levelM,
                b.chance(0.6) ? b.material(Kind.CARTON) : b.anyMaterial());
          }
        }
      }
    }
  }

  private Material wood() {
    return b.material(b.chance(0.7) ? Kind.WOOD : Kind.METAL);
  }
}
