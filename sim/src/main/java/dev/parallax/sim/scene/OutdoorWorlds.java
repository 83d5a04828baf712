package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.scene.TextureBank.Kind;

/** Streets, nature and free clutter under the sky. */
final class OutdoorWorlds {
  private static final double BEYOND_M = 150;

  private final WorldBuilder b;
  private final Furniture furniture;

  OutdoorWorlds(WorldBuilder builder) {
    b = builder;
    furniture = builder.furniture;
  }

  MadeUpWorld street() {
    double roadM = b.between(2.5, 7);
    double kerbM = roadM + b.between(1, 4);
    ground(b.material(Kind.ROAD));
    pavements(roadM, b.chance(0.3) ? Kind.GROUND : Kind.FLOOR);
    marks(roadM);
    for (int side = -1; side <= 1; side += 2) {
      double builtUp = b.random.nextDouble();
      for (double x = -20; x < 110; ) {
        x += b.chance(builtUp) ? house(side, x, kerbM) : b.between(3, 15);
      }
      for (double x = -15; x < 90; x += b.between(3, 14)) {
        roadside(side, x, roadM + b.between(0.3, 1));
      }
      for (double x = -12; x < 90; x += b.between(5, 12)) {
        if (b.chance(0.45)) {
          car(x, side * (roadM - 1), b.between(-0.05, 0.05));
        }
      }
    }
    for (int i = b.random.nextInt(4); i > 0; i--) {
      car(b.between(4, 70), b.between(-0.6, 0.6) * roadM, b.chance(0.5) ? 0 : Math.PI);
    }
    for (int i = b.random.nextInt(5); i > 0; i--) {
      b.person(b.between(2, 40), (b.chance(0.5) ? 1 : -1) * b.between(roadM - 1, kerbM));
    }
    boolean driven = b.chance(0.7);
    double widest = driven ? 0.6 * roadM : kerbM - 0.4;
    return new MadeUpWorld(
        b.build(b.daylight()),
        new CameraRange(
            new double[] {-8, -widest, driven ? 1 : 0.35},
            new double[] {12, widest, driven ? 2.2 : 1.8},
            0,
            Math.toRadians(driven ? 18 : 180),
            Math.toRadians(-3),
            Math.toRadians(5)));
  }

  MadeUpWorld nature() {
    ground(b.material(Kind.GROUND));
    Material bark = b.material(Kind.WOOD);
    Material leaves = b.material(Kind.LEAVES);
    double spacingM = b.between(2.5, 9);
    for (double x = -30; x < 60; x += spacingM) {
      for (double y = -25; y < 25; y += spacingM) {
        if (b.chance(0.6)) {
          tree(x + b.between(0, spacingM), y + b.between(0, spacingM), bark, leaves);
        }
      }
    }
    for (int i = b.random.nextInt(25); i > 0; i--) {
      Se3 at = Placement.at(b.between(-10, 25), b.between(-15, 15), 0);
      double r = b.between(0.2, 1.2);
      Material stuff = b.chance(0.6) ? leaves : b.material(Kind.WALL);
      furniture.ball(at, 0, 0, 0.3 * r, new Ellipsoid(r, r * b.between(0.6, 1.4), 0.8 * r), stuff);
    }
    for (int i = b.random.nextInt(5); i > 0; i--) { // low hills
      double r = b.between(10, 40);
      Se3 at = Placement.at(b.between(15, 90), b.between(-60, 60), 0);
      furniture.ball(at, 0, 0, 0, new Ellipsoid(r, r, b.between(1, 6)), b.material(Kind.GROUND));
    }
    return new MadeUpWorld(
        b.build(b.daylight()),
        new CameraRange(
            new double[] {-15, -12, 0.3},
            new double[] {15, 12, 2},
            0,
            Math.PI,
            Math.toRadians(-4),
            Math.toRadians(8)));
  }

  MadeUpWorld clutter() {
    if (b.chance(0.7)) {
      ground(b.material(Kind.FLOOR));
    }
    double reachM = b.between(2, 15);
    int count = 15 + b.random.nextInt(50);
    for (int i = 0; i < count; i++) {
      b.thing(
          b.between(-reachM, reachM),
          b.between(-reachM, reachM),
          b.chance(0.5) ? 0 : b.between(0, 0.4 * reachM),
          reachM * b.between(0.03, 0.25));
    }
    return new MadeUpWorld(
        b.build(b.daylight()),
        CameraRange.around(
            new double[] {-reachM, -reachM, 0.3}, new double[] {reachM, reachM, 0.4 * reachM}));
  }

  private void ground(Material material) {
    b.slab(new double[] {-BEYOND_M, -BEYOND_M, -1}, new double[] {BEYOND_M, BEYOND_M, 0}, material);
  }

  private void pavements(double roadM, Kind kind) {
    Material material = b.material(kind);
    double heightM = b.between(0.02, 0.16);
    for (int side = -1; side <= 1; side += 2) {
      double near = side * roadM;
      double far = side * 40.0;
      b.slab(
          new double[] {-60, Math.min(near, far), 0},
          new double[] {BEYOND_M, Math.max(near, far), heightM},
          material);
    }
  }

  private void marks(double roadM) {
    if (b.chance(0.3)) {
      return;
    }
    Material paint = Material.plain(0xDADAD4);
    double everyM = b.between(4, 10);
    for (double x = -16; x < 100; x += everyM) {
      b.slab(new double[] {x, -0.07, 0}, new double[] {x + 0.4 * everyM, 0.07, 0.004}, paint);
    }
    for (int side = -1; side <= 1; side += 2) {
      double y = side * (roadM - 0.3);
      b.slab(new double[] {-30, y - 0.06, 0}, new double[] {120, y + 0.06, 0.004}, paint);
    }
  }

  /** Builds a house at {@code x} and returns how far along the street it goes. */
  private double house(int side, double x, double kerbM) {
    double widthM = b.between(4, 16);
    double depthM = b.between(3, 6);
    double heightM = b.between(2.5, 12);
    double outM = kerbM + depthM + b.between(0, 3);
    Material roof = b.material(Kind.WALL);
    Material wall = b.material(b.chance(0.7) ? Kind.FACADE : Kind.WALL);
    Se3 place = Placement.upright(x + widthM / 2, side * outM, 0, side > 0 ? 0 : Math.PI);
    furniture.block(place, widthM / 2, depthM, heightM / 2, 0, wall, wall, wall, wall, roof, roof);
    return widthM + (b.chance(0.6) ? 0.05 : b.between(1, 8));
  }

  /** Trees, posts, hedges, bins and signs along a kerb. */
  private void roadside(int side, double x, double outM) {
    double y = side * outM;
    switch (b.random.nextInt(5)) {
      case 0, 1 -> tree(x, side * (outM + b.between(0.5, 3)), b.material(Kind.WOOD), leaves());
      case 2 ->
          furniture.pillar(
              Placement.at(x, y, 0), 0, 0, 0.07, b.between(3, 8), 0, b.material(Kind.METAL));
      case 3 -> {
        Se3 place = Placement.at(x, side * (outM + 1), 0);
        furniture.block(place, b.between(0.5, 4), 0.35, b.between(0.3, 0.9), 0, leaves());
      }
      default -> b.thing(x, y, 0, b.between(0.4, 1.2));
    }
  }

  private void tree(double x, double y, Material bark, Material leaves) {
    double size = b.between(0.6, 2);
    double trunkM = size * b.between(1, 2.6);
    Se3 place = Placement.at(x, y, 0);
    furniture.pillar(place, 0, 0, size * b.between(0.08, 0.2), trunkM + size, 0, bark);
    int crowns = 1 + b.random.nextInt(3);
    for (int i = 0; i < crowns; i++) {
      double r = size * b.between(0.7, 1.2);
      furniture.ball(
          place,
          b.between(-0.5, 0.5) * size,
          b.between(-0.5, 0.5) * size,
          trunkM + size * b.between(0.6, 1.6),
          new Ellipsoid(r, r, r * b.between(0.8, 1.3)),
          leaves);
    }
  }

  private Material leaves() {
    return b.material(Kind.LEAVES);
  }

  /** A car, van or lorry: a hull, a cabin and wheels. */
  private void car(double x, double y, double yawRad) {
    Se3 place = Placement.upright(x, y, 0, yawRad);
    Material paint = b.material(b.chance(0.6) ? Kind.METAL : Kind.WALL);
    Material glass = Material.plain(0x30363C);
    Material tyre = Material.plain(0x1E1F21);
    double hx = b.between(1.8, 2.4);
    double hy = b.between(0.75, 0.95);
    boolean van = b.chance(0.25);
    double hz = van ? b.between(0.7, 1.2) : b.between(0.3, 0.4);
    furniture.block(place, hx, hy, hz, 0.25, paint);
    if (!van) {
      Se3 cabin = place.times(Placement.at(b.between(-0.4, 0.1), 0, 0));
      double deckM = 0.25 + 2 * hz;
      furniture.block(cabin, 0.55 * hx, 0.85 * hy, 0.27, deckM, glass);
      furniture.block(cabin, 0.45 * hx, 0.8 * hy, 0.03, deckM + 0.5, paint);
    }
    for (int i = 0; i < 4; i++) {
      Se3 wheel =
          place
              .times(Placement.at((i < 2 ? 0.62 : -0.62) * hx, (i % 2 == 0 ? 1 : -1) * hy, 0.31))
              .times(Placement.aboutX(Math.PI / 2));
      b.add(Body.still(new Cylinder(0.31, 0.09), wheel, tyre));
    }
  }
}
