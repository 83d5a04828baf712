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

  private static final double BEFORE_M = 20;
  private static final double BEYOND_M = 160;
  private static final double ONCOMING_MPS = 9;
  static final int[] CAR_RGB = {0x9B2A2A, 0x2C4F86, 0xB9BCC0, 0x3A3D42, 0x5D7F5A, 0xD8D4C8};

  private final long seed;
  private final double endM;
  private final double durationS;
  private final Random random;
  private final TexturePainter painter;
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
    Furniture furniture = new Furniture();
    StreetFront front =
        new StreetFront(seed, random, painter, furniture, cars, Se3.identity(), -BEFORE_M, endM, 0);
    List<Body> bodies = new ArrayList<>();
    bodies.add(asphalt());
    bodies.addAll(front.pavements());
    front.markRoad();
    front.buildHouses();
    front.plantTrees();
    bodies.addAll(furniture.bodies());
    bodies.addAll(front.parkedCars());
    bodies.addAll(traffic());
    bodies.addAll(pedestrians());
    Lighting.Sky sky = new CloudySky(new StreetPainter(seed + 1).clouds());
    return new Scene(
        bodies, new Lighting(new double[] {-0.35, 0.5, 0.8}, 0.62, 0.55, 0.32, List.of(), 70, sky));
  }

  private Body asphalt() {
    Material material = Material.tiled(painter.asphalt(0x77787B), 3);
    double mid = (endM - BEFORE_M) / 2;
    double half = (endM + BEFORE_M) / 2;
    return Body.still(new Box(half + 200, 120, 0.5), Placement.at(mid, 0, -0.5), material)
        .withoutShadow();
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
      double y = (random.nextBoolean() ? 1 : -1) * (StreetFront.KERB_M + 2.1);
      // Long and narrow: up and down the pavement, raised to its height.
      ClosedPath path = ClosedPath.around(x, y, 12, 0.45);
      Walker walker =
          new Walker(path, 1.3, random.nextDouble() * path.lengthM(), outfits[next++ % 3]);
      for (Body body : walker.bodies()) {
        Motion raised =
            t -> Placement.at(0, 0, StreetFront.PAVEMENT_M).times(body.motion().T_world_body(t));
        bodies.add(new Body(body.shape(), raised, body.materials(), true));
      }
    }
    return bodies;
  }

  static Walker.Clothes clothes(TexturePainter cloth, Texture shirt, int trousersRgb) {
    return new Walker.Clothes(
        Material.tiled(shirt, 0.45),
        Material.tiled(cloth.cloth(trousersRgb), 0.4),
        Material.tiled(cloth.plaster(0xC99A7C, 14), 0.3),
        Material.tiled(cloth.foliage(0x4A3628), 0.4),
        Material.plain(0x2A2522));
  }
}
