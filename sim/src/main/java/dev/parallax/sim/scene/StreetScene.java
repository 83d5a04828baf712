package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A straight street along world x, driven on its right side: two lanes, parked cars, kerbs, trees,
 * lamp posts, terraced houses, traffic and people on the pavements, under a cloudy sky.
 */
final class StreetScene {
  static final double SPEED_MPS = 8;
  static final double LANE_M = 1.75;
  static final double CAMERA_HEIGHT_M = 1.5;
  static final double LONGEST_S = 300;

  private static final double PARKING_M = 4.75;
  private static final double KERB_M = 5.9;
  private static final double HOUSES_M = 9.2;
  private static final double PAVEMENT_M = 0.14;
  private static final double BEFORE_M = 20;
  private static final double BEYOND_M = 160;
  private static final double ONCOMING_MPS = 9;
  private static final int[] CAR_RGB = {0x9B2A2A, 0x2C4F86, 0xB9BCC0, 0x3A3D42, 0x5D7F5A, 0xD8D4C8};

  private final long seed;
  private final double endM;
  private final double durationS;
  private final Random random;
  private final TexturePainter painter;
  private final Furniture furniture = new Furniture();
  private final List<CarModel> cars = new ArrayList<>();

  /**
   * @throws IllegalArgumentException if the drive is longer than {@link #LONGEST_S}
   */
  StreetScene(long seed, double durationS) {
    if (durationS > LONGEST_S) {
      throw new IllegalArgumentException(
          "The street is at most %.0f s long, asked for %.0f s; take fewer frames"
              .formatted(LONGEST_S, durationS));
    }
    this.seed = seed;
    this.durationS = durationS;
    endM = SPEED_MPS * durationS + BEYOND_M;
    random = new Random(seed);
    painter = new TexturePainter(seed);
    for (int i = 0; i < CAR_RGB.length; i++) {
      cars.add(new CarModel(seed + 100 + i, CAR_RGB[i]));
    }
  }

  /** The drive: 8 m/s in the right lane, the camera at 1.5 m on soft springs. */
  static Trajectory drive(long seed) {
    Trajectory steady = new StreetDrive(SPEED_MPS, -LANE_M, CAMERA_HEIGHT_M, 0.35, 70);
    return new Handheld(steady, seed, 0.006, Math.toRadians(0.25), 0.7, 2.5);
  }

  Scene build() {
    List<Body> bodies = new ArrayList<>(ground());
    markRoad();
    buildHouses();
    plantTrees();
    bodies.addAll(furniture.bodies());
    bodies.addAll(parkedCars());
    bodies.addAll(traffic());
    bodies.addAll(pedestrians());
    Lighting.Sky sky = new CloudySky(new StreetPainter(seed + 1).clouds());
    return new Scene(
        bodies, new Lighting(new double[] {-0.35, 0.5, 0.8}, 0.62, 0.55, 0.32, List.of(), 70, sky));
  }

  private List<Body> ground() {
    Material asphalt = Material.tiled(painter.asphalt(0x77787B), 3);
    Material flags =
        Material.tiled(new TexturePainter(seed + 2).tiles(0xA7A39B, 0x9A968F, 0x6A6762, 4), 2.4);
    Material kerb = Material.tiled(new TexturePainter(seed + 3).plaster(0xB4B1AA, 40), 1.1);
    double mid = (endM - BEFORE_M) / 2;
    double half = (endM + BEFORE_M) / 2;
    List<Body> bodies = new ArrayList<>();
    bodies.add(
        Body.still(new Box(half + 200, 120, 0.5), Placement.at(mid, 0, -0.5), asphalt)
            .withoutShadow());
    double width = HOUSES_M - KERB_M;
    for (int side = -1; side <= 1; side += 2) {
      double y = side * (KERB_M + width / 2);
      bodies.add(
          Body.still(
                  new Box(half, width / 2, PAVEMENT_M / 2),
                  Placement.at(mid, y, PAVEMENT_M / 2),
                  flags)
              .withoutShadow());
      bodies.add(
          Body.still(
                  new Box(half, 0.07, PAVEMENT_M / 2 + 0.005),
                  Placement.at(mid, side * (KERB_M - 0.07), PAVEMENT_M / 2),
                  kerb)
              .withoutShadow());
    }
    return bodies;
  }

  private void markRoad() {
    Material paint = Material.tiled(new TexturePainter(seed + 4).plaster(0xE2E1DA, 40), 0.8);
    Material patch = Material.tiled(new TexturePainter(seed + 5).asphalt(0x55565A), 2);
    for (double x = -BEFORE_M; x < endM; x += 8) {
      stripe(x, 0, 1.5, 0.06, paint);
    }
    for (int side = -1; side <= 1; side += 2) {
      for (double x = -BEFORE_M; x < endM; x += 5.5) {
        stripe(x, side * 3.6, 0.05, 1.0, paint); // between parked cars
      }
      stripe((endM - BEFORE_M) / 2, side * 3.55, (endM + BEFORE_M) / 2, 0.05, paint);
    }
    for (double x = 5; x < endM; x += 6 + 14 * random.nextDouble()) {
      double y = (random.nextDouble() - 0.5) * 6;
      stripe(x, y, 0.4 + random.nextDouble() * 1.5, 0.3 + 0.5 * random.nextDouble(), patch);
    }
    for (double x = 45; x < endM; x += 75) {
      for (int bar = 0; bar < 7; bar++) {
        stripe(x, -3 + bar, 1.4, 0.25, paint);
      }
    }
  }

  private void stripe(double x, double y, double hx, double hy, Material material) {
    furniture
        .bodies()
        .add(
            Body.still(new Box(hx, hy, 0.003), Placement.at(x, y, 0.001), material)
                .withoutShadow());
  }

  private void buildHouses() {
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
      for (double x = -BEFORE_M; x < endM; ) {
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

  private void plantTrees() {
    Material bark = Material.tiled(new TexturePainter(seed + 7).wood(0x6B5640, 8), 0.8);
    Material leaves = Material.tiled(new TexturePainter(seed + 8).foliage(0x5C8A3E), 1.6);
    Material steel = Material.tiled(painter.painted(0x6A6F73), 0.8);
    for (double x = -BEFORE_M; x < endM; x += 11 + 4 * random.nextDouble()) {
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

  private List<Body> parkedCars() {
    List<Body> bodies = new ArrayList<>();
    for (int side = -1; side <= 1; side += 2) {
      for (double x = -BEFORE_M; x < endM; x += 5.5) {
        if (random.nextDouble() < 0.55) {
          CarModel car = cars.get(random.nextInt(cars.size()));
          double jitter = 0.3 * (random.nextDouble() - 0.5);
          double yaw = (side > 0 ? Math.PI : 0) + 0.04 * (random.nextDouble() - 0.5);
          bodies.addAll(car.parked(x + 2.75 + jitter, side * (PARKING_M + 0.1 * jitter), yaw));
        }
      }
    }
    return bodies;
  }

  private List<Body> traffic() {
    List<Body> bodies = new ArrayList<>();
    CarModel.Way leading = t -> 17 + SPEED_MPS * t + 3.5 * Math.sin(0.35 * t);
    bodies.addAll(
        cars.get(1).moving(t -> Placement.upright(leading.metres(t), -LANE_M, 0, 0), leading));
    double reachM = endM + ONCOMING_MPS * durationS;
    int next = 0;
    for (double x = 35; x < reachM; x += 32 + 30 * random.nextDouble()) {
      double startM = x;
      CarModel.Way way = t -> ONCOMING_MPS * t;
      Motion motion = t -> Placement.upright(startM - way.metres(t), LANE_M, 0, Math.PI);
      bodies.addAll(cars.get(next++ % cars.size()).moving(motion, way));
    }
    return bodies;
  }

  private List<Body> pedestrians() {
    List<Body> bodies = new ArrayList<>();
    TexturePainter cloth = new TexturePainter(seed + 9);
    Walker.Clothes[] outfits = {
      clothes(cloth, cloth.plaid(0x9C3A3A, 0xE3DACA, 5), 0x2E3F66),
      clothes(cloth, cloth.stripes(0x2F5E7A, 0xD9D2BC, 6), 0x4A4038),
      clothes(cloth, cloth.cloth(0x6C7A3A), 0x33363C)
    };
    int next = 0;
    for (double x = 12; x < endM; x += 18 + 14 * random.nextDouble()) {
      double y = (random.nextBoolean() ? 1 : -1) * (KERB_M + 2.1);
      // Long and narrow: up and down the pavement, raised to its height.
      ClosedPath path = ClosedPath.around(x, y, 12, 0.45);
      Walker walker =
          new Walker(path, 1.3, random.nextDouble() * path.lengthM(), outfits[next++ % 3]);
      for (Body body : walker.bodies()) {
        Motion raised = t -> Placement.at(0, 0, PAVEMENT_M).times(body.motion().T_world_body(t));
        bodies.add(new Body(body.shape(), raised, body.materials(), true));
      }
    }
    return bodies;
  }

  private static Walker.Clothes clothes(TexturePainter cloth, Texture shirt, int trousersRgb) {
    return new Walker.Clothes(
        Material.tiled(shirt, 0.45),
        Material.tiled(cloth.cloth(trousersRgb), 0.4),
        Material.tiled(cloth.plaster(0xC99A7C, 14), 0.3),
        Material.tiled(cloth.foliage(0x4A3628), 0.4),
        Material.plain(0x2A2522));
  }

  /** Beside the road, its front towards it, {@code outM} from the middle. */
  private static Se3 facing(int side, double x, double outM) {
    return Placement.upright(x, side * outM, 0, side > 0 ? 0 : Math.PI);
  }
}
