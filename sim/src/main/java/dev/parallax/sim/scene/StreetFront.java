package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What stands along a straight piece of street, on both sides: pavements with kerbs, marks on the
 * road, terraced houses, trees and lamp posts, parked cars. Street frame: x along the street, y
 * left, z up, origin on the middle of the road. The parts are drawn from one random series, so the
 * order of the calls decides the looks.
 */
final class StreetFront {
  static final double KERB_M = 5.9;
  static final double PAVEMENT_M = 0.14;

  private static final double PARKING_M = 4.75;
  private static final double HOUSES_M = 9.2;

  private final long seed;
  private final Random random;
  private final TexturePainter painter;
  private final Furniture furniture;
  private final List<CarModel> cars;
  private final Se3 T_world_street;
  private final double headingRad;
  private final double fromM;
  private final double toM;
  private final double rightBeyondM;

  /**
   * @param furniture takes what {@link #markRoad}, {@link #buildHouses} and {@link #plantTrees}
   *     make
   * @param cars models to park
   * @param fromM where the piece begins, street x
   * @param toM where it ends
   * @param rightBeyondM how much farther, at both ends, the houses on the right side go on
   */
  StreetFront(
      long seed,
      Random random,
      TexturePainter painter,
      Furniture furniture,
      List<CarModel> cars,
      Se3 T_world_street,
      double fromM,
      double toM,
      double rightBeyondM) {
    this.seed = seed;
    this.random = random;
    this.painter = painter;
    this.furniture = furniture;
    this.cars = cars;
    this.T_world_street = T_world_street;
    this.fromM = fromM;
    this.toM = toM;
    this.rightBeyondM = rightBeyondM;
    headingRad = Math.atan2(T_world_street.r(1, 0), T_world_street.r(0, 0));
  }

  List<Body> pavements() {
    Material flags =
        Material.tiled(new TexturePainter(seed + 2).tiles(0xA7A39B, 0x9A968F, 0x6A6762, 4), 2.4);
    Material kerb = Material.tiled(new TexturePainter(seed + 3).plaster(0xB4B1AA, 40), 1.1);
    double mid = (toM + fromM) / 2;
    double half = (toM - fromM) / 2;
    List<Body> bodies = new ArrayList<>();
    double width = HOUSES_M - KERB_M;
    for (int side = -1; side <= 1; side += 2) {
      double y = side * (KERB_M + width / 2);
      bodies.add(
          Body.still(new Box(half, width / 2, PAVEMENT_M / 2), at(mid, y, PAVEMENT_M / 2), flags)
              .withoutShadow());
      bodies.add(
          Body.still(
                  new Box(half, 0.07, PAVEMENT_M / 2 + 0.005),
                  at(mid, side * (KERB_M - 0.07), PAVEMENT_M / 2),
                  kerb)
              .withoutShadow());
    }
    return bodies;
  }

  void markRoad() {
    Material paint = Material.tiled(new TexturePainter(seed + 4).plaster(0xE2E1DA, 40), 0.8);
    Material patch = Material.tiled(new TexturePainter(seed + 5).asphalt(0x55565A), 2);
    for (double x = fromM; x < toM; x += 8) {
      stripe(x, 0, 1.5, 0.06, paint);
    }
    for (int side = -1; side <= 1; side += 2) {
      for (double x = fromM; x < toM; x += 5.5) {
        stripe(x, side * 3.6, 0.05, 1.0, paint); // between parked cars
      }
      stripe((toM + fromM) / 2, side * 3.55, (toM - fromM) / 2, 0.05, paint);
    }
    for (double x = fromM + 25; x < toM; x += 6 + 14 * random.nextDouble()) {
      double y = (random.nextDouble() - 0.5) * 6;
      stripe(x, y, 0.4 + random.nextDouble() * 1.5, 0.3 + 0.5 * random.nextDouble(), patch);
    }
    for (double x = fromM + 65; x < toM; x += 75) {
      for (int bar = 0; bar < 7; bar++) {
        stripe(x, -3 + bar, 1.4, 0.25, paint);
      }
    }
  }

  private void stripe(double x, double y, double hx, double hy, Material material) {
    furniture
        .bodies()
        .add(Body.still(new Box(hx, hy, 0.003), at(x, y, 0.001), material).withoutShadow());
  }

  void buildHouses() {
    int[] walls = {0xA6523C, 0xD9C9A3, 0xB7B2A6, 0x8C4A3C, 0xC58F6A, 0xA8B4B8};
    List<Texture> fronts = new ArrayList<>();
    for (int i = 0; i < walls.length; i++) {
      boolean brick = i == 0 || i == 3 || i == 4;
      fronts.add(new StreetPainter(seed + 10 + i).facade(walls[i], brick));
    }
    List<Texture> shops = new ArrayList<>();
    for (int sign : new int[] {0x2E5A46, 0x7A2630, 0x27406B}) {
      shops.add(new StreetPainter(seed + 20 + shops.size()).shop(sign));
    }
    Material roof = Material.tiled(new TexturePainter(seed + 6).brick(0x5A4A48, 0x3A3232, 16), 2);
    for (int side = -1; side <= 1; side += 2) {
      double beyondM = side < 0 ? rightBeyondM : 0;
      for (double x = fromM - beyondM; x < toM + beyondM; ) {
        Material wall = Material.tiled(fronts.get(random.nextInt(fronts.size())), 6);
        Texture shop = shops.get(random.nextInt(shops.size()));
        double widthM = 3 * (2 + random.nextInt(3));
        buildHouse(side, x, widthM, wall, shop, roof);
        x += widthM + (random.nextInt(4) == 0 ? 2.5 : 0.02);
      }
    }
  }

  private void buildHouse(
      int side, double x, double widthM, Material wall, Texture shop, Material roof) {
    double half = widthM / 2;
    double backM = 0.5 * random.nextDouble();
    double heightM = 3.0 * (2 + random.nextInt(3));
    Se3 place = facing(side, x + half, HOUSES_M + 4 + backM);
    furniture.block(place, half, 4, heightM / 2, 3.2, wall, wall, wall, wall, roof, roof);
    Material front = Material.picture(shop, half, 3.2);
    furniture.block(place, half - 0.02, 4.06, 1.6, 0, front);
    furniture.block(place, half + 0.05, 4.2, 0.12, 3.2 + heightM, roof);
  }

  void plantTrees() {
    Material bark = Material.tiled(new TexturePainter(seed + 7).wood(0x6B5640, 8), 0.8);
    Material leaves = Material.tiled(new TexturePainter(seed + 8).foliage(0x5C8A3E), 1.6);
    Material steel = Material.tiled(painter.painted(0x6A6F73), 0.8);
    for (double x = fromM; x < toM; x += 11 + 4 * random.nextDouble()) {
      for (int side = -1; side <= 1; side += 2) {
        Se3 place = facing(side, x + 2 * side + random.nextDouble(), KERB_M + 0.7);
        if (random.nextInt(4) == 0) {
          furniture.pillar(place, 0, 0, 0.06, 6, 0, steel);
          furniture.block(place.times(Placement.at(0, -0.7, 0)), 0.1, 0.75, 0.04, 5.95, steel);
          continue;
        }
        double size = 0.8 + 0.5 * random.nextDouble();
        furniture.pillar(place, 0, 0, 0.14 * size, 3.2, 0, bark);
        furniture.ball(
            place, 0, 0, 3.2 + size, new Ellipsoid(1.4 * size, 1.3 * size, 1.3 * size), leaves);
        furniture.ball(
            place, 0.6, 0.4, 3.3 + 1.9 * size, new Ellipsoid(size, size, 0.9 * size), leaves);
        furniture.ball(
            place, -0.7, -0.2, 3 + 1.4 * size, new Ellipsoid(size, 0.9 * size, size), leaves);
      }
    }
  }

  List<Body> parkedCars() {
    List<Body> bodies = new ArrayList<>();
    for (int side = -1; side <= 1; side += 2) {
      for (double x = fromM; x < toM; x += 5.5) {
        if (random.nextDouble() < 0.55) {
          CarModel car = cars.get(random.nextInt(cars.size()));
          double jitter = 0.3 * (random.nextDouble() - 0.5);
          double yaw = (side > 0 ? Math.PI : 0) + 0.04 * (random.nextDouble() - 0.5);
          double[] p_world =
              T_world_street.transform(x + 2.75 + jitter, side * (PARKING_M + 0.1 * jitter), 0);
          bodies.addAll(car.parked(p_world[0], p_world[1], yaw + headingRad));
        }
      }
    }
    return bodies;
  }

  private Se3 at(double x, double y, double z) {
    return T_world_street.times(Placement.at(x, y, z));
  }

  /** Beside the road, its front towards it, {@code outM} from the middle. */
  private Se3 facing(int side, double x, double outM) {
    return T_world_street.times(Placement.upright(x, side * outM, 0, side > 0 ? 0 : Math.PI));
  }
}
