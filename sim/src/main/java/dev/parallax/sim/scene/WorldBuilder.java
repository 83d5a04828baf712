package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.scene.TextureBank.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** One made-up world under way: its random series, its bodies, and how the pieces are drawn. */
final class WorldBuilder {
  final Random random;
  final Furniture furniture = new Furniture();
  private final TextureBank bank;
  private final List<Body> others = new ArrayList<>();

  WorldBuilder(TextureBank bank, long seed) {
    this.bank = bank;
    random = new Random(seed);
  }

  /** Uniform in [from, to). */
  double between(double from, double to) {
    return from + (to - from) * random.nextDouble();
  }

  boolean chance(double share) {
    return random.nextDouble() < share;
  }

  /** A repeating material of a size that suits the kind of surface, give or take a half. */
  Material material(Kind kind) {
    double tileM =
        switch (kind) {
          case WALL, FLOOR, ROAD -> 1.6;
          case GROUND, LEAVES -> 2.2;
          case FACADE -> 6;
          default -> 0.7;
        };
    return Material.tiled(bank.any(kind, random), tileM * between(0.6, 1.6));
  }

  Material picture(double widthM, double heightM) {
    return Material.picture(texture(Kind.PICTURE), widthM, heightM);
  }

  Texture texture(Kind kind) {
    return bank.any(kind, random);
  }

  /** Any surface that small things have. */
  Material anyMaterial() {
    Kind[] kinds = {Kind.WOOD, Kind.CLOTH, Kind.METAL, Kind.CARTON, Kind.WALL, Kind.PICTURE};
    return material(kinds[random.nextInt(kinds.length)]);
  }

  /** A surrounding surface (floor, wall) that throws no shadow, between two corners. */
  void slab(double[] low, double[] high, Material material) {
    double[] half = new double[3];
    double[] middle = new double[3];
    for (int i = 0; i < 3; i++) {
      half[i] = (high[i] - low[i]) / 2;
      middle[i] = (high[i] + low[i]) / 2;
    }
    others.add(
        Body.still(
                new Box(half[0], half[1], half[2]),
                Placement.at(middle[0], middle[1], middle[2]),
                material)
            .withoutShadow());
  }

  /** Adds a body as it is. */
  void add(Body body) {
    others.add(body);
  }

  /** A box, a can or a ball of {@code sizeM} or so, standing on a level. */
  void thing(double x, double y, double bottomM, double sizeM) {
    Se3 place = Placement.upright(x, y, 0, between(0, 2 * Math.PI));
    double a = sizeM * between(0.25, 0.6);
    double b = sizeM * between(0.25, 0.6);
    double c = sizeM * between(0.2, 0.8);
    Material material = anyMaterial();
    switch (random.nextInt(4)) {
      case 0, 1 -> furniture.block(place, a, b, c, bottomM, material);
      case 2 -> furniture.pillar(place, 0, 0, Math.min(a, b), 2 * c, bottomM, material);
      default -> furniture.ball(place, 0, 0, bottomM + c, new Ellipsoid(a, b, c), material);
    }
  }

  /** Things scattered on a level top. */
  void clutter(Se3 T_world_top, double hx, double hy, double topM, int count, double largestM) {
    for (int i = 0; i < count; i++) {
      double[] at = T_world_top.transform(between(-hx, hx), between(-hy, hy), 0);
      thing(at[0], at[1], topM, largestM * between(0.25, 1));
    }
  }

  /** Somebody in mid-step at a place. */
  void person(double x, double y) {
    Walker walker =
        new Walker(
            ClosedPath.around(x, y, between(0.3, 1.5), between(0.3, 1.5)),
            1,
            between(0, 10),
            new Walker.Clothes(
                material(Kind.CLOTH),
                material(Kind.CLOTH),
                Material.tiled(bank.any(Kind.WALL, random), 0.3),
                material(Kind.LEAVES),
                material(Kind.METAL)));
    for (Body body : walker.bodies()) {
      others.add(Body.still(body.shape(), body.motion().T_world_body(0), body.materials()));
    }
  }

  /** Everything so far under a light. */
  Scene build(Lighting lighting) {
    List<Body> bodies = new ArrayList<>(others);
    bodies.addAll(furniture.bodies());
    return new Scene(bodies, lighting);
  }

  /** Lamps under a ceiling, with some light from windows. */
  Lighting indoorLight(double halfX, double halfY, double heightM) {
    List<Lighting.Lamp> lamps = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      lamps.add(
          new Lighting.Lamp(
              between(-halfX, halfX),
              between(-halfY, halfY),
              heightM - 0.1,
              between(0.2, 0.9),
              between(1.5, 5)));
    }
    double[] toSun = {between(-1, 1), between(-1, 1), between(0.4, 1.2)};
    return new Lighting(
        toSun, between(0, 0.5), between(0.2, 0.6), between(0.2, 0.5), lamps, 12, null);
  }

  Lighting daylight() {
    double[] toSun = {between(-1, 1), between(-1, 1), between(0.25, 1.2)};
    float grey = (float) between(120, 255);
    Lighting.Sky sky =
        chance(0.6)
            ? new CloudySky(texture(Kind.CLOUDS))
            : (x, y, z, pixelRad, rgb) -> Arrays.fill(rgb, grey);
    return new Lighting(
        toSun, between(0, 0.8), between(0.4, 0.7), between(0.2, 0.4), List.of(), 50, sky);
  }
}
