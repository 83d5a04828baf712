package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Four streets round a block, driven round and round anticlockwise: a path that comes back to where
 * it was once a minute, for drift and for loops. The streets look different from each other; a car
 * drives ahead, another comes the other way, people walk on the pavements.
 */
final class TownScene {
  static final double SPEED_MPS = 7.5;

  /** Half the block between the middles of the streets. */
  private static final double HALF_X = 75;

  private static final double HALF_Y = 45;
  private static final double CORNER_RADIUS_M = 18;
  private static final double CONTROL_SPACING_M = 6;

  /** Houses and pavements end so far from the crossing of two streets' middles. */
  private static final double CLEAR_OF_CORNER_M = 13;

  private static final double OUTSIDE_BEYOND_M = 30;
  private static final double ONCOMING_MPS = 6;

  private final long seed;
  private final Random random;
  private final TexturePainter painter;
  private final List<CarModel> cars = new ArrayList<>();

  TownScene(long seed) {
    this.seed = seed;
    random = new Random(seed);
    painter = new TexturePainter(seed);
    for (int i = 0; i < StreetScene.CAR_RGB.length; i++) {
      cars.add(new CarModel(seed + 100 + i, StreetScene.CAR_RGB[i]));
    }
  }

  /** The drive: 7.5 m/s in the outer lane, the camera at 1.5 m on soft springs. */
  static Trajectory drive(long seed) {
    RoomTour steady =
        new RoomTour(
            lane(StreetScene.LANE_M),
            SPEED_MPS,
            StreetScene.CAMERA_HEIGHT_M,
            Math.toRadians(-1.5),
            3,
            0);
    return new Handheld(steady, seed, 0.006, Math.toRadians(0.25), 0.7, 2.5);
  }

  /** Once round, so far outside of the streets' middles. */
  static ClosedPath lane(double outsideM) {
    double ax = HALF_X + outsideM;
    double ay = HALF_Y + outsideM;
    double r = CORNER_RADIUS_M + outsideM;
    List<double[]> controls = new ArrayList<>();
    for (int corner = 0; corner < 4; corner++) {
      double heading = corner * Math.PI / 2; // of the street that leads to this corner
      boolean alongX = corner % 2 == 0;
      double straight = 2 * ((alongX ? ax : ay) - r);
      double out = alongX ? ay : ax;
      int pieces = (int) Math.round(straight / CONTROL_SPACING_M);
      for (int i = 0; i < pieces; i++) {
        controls.add(turned(heading, straight * ((double) i / pieces - 0.5), -out));
      }
      int arc = (int) Math.round(r * Math.PI / 2 / CONTROL_SPACING_M);
      for (int i = 0; i < arc; i++) {
        double a = -Math.PI / 2 + i * Math.PI / 2 / arc;
        controls.add(turned(heading, straight / 2 + r * Math.cos(a), -out + r + r * Math.sin(a)));
      }
    }
    return new ClosedPath(controls.toArray(double[][]::new));
  }

  private static double[] turned(double angleRad, double x, double y) {
    double c = Math.cos(angleRad);
    double s = Math.sin(angleRad);
    return new double[] {c * x - s * y, s * x + c * y};
  }

  Scene build() {
    Furniture furniture = new Furniture();
    Material asphalt = Material.tiled(painter.asphalt(0x77787B), 3);
    List<Body> bodies = new ArrayList<>();
    bodies.add(
        Body.still(new Box(HALF_X + 250, HALF_Y + 250, 0.5), Placement.at(0, 0, -0.5), asphalt)
            .withoutShadow());
    for (int street = 0; street < 4; street++) {
      StreetFront front = front(street, furniture);
      bodies.addAll(front.pavements());
      front.markRoad();
      front.buildHouses();
      front.plantTrees();
      bodies.addAll(front.parkedCars());
    }
    bodies.addAll(furniture.bodies());
    bodies.addAll(traffic());
    bodies.addAll(pedestrians());
    Lighting.Sky sky = new CloudySky(new StreetPainter(seed + 1).clouds());
    return new Scene(
        bodies, new Lighting(new double[] {-0.35, 0.5, 0.8}, 0.62, 0.55, 0.32, List.of(), 70, sky));
  }

  /** The street on that side of the block; its right side is the outside. */
  private StreetFront front(int street, Furniture furniture) {
    double heading = street * Math.PI / 2;
    double out = street % 2 == 0 ? HALF_Y : HALF_X;
    double half = street % 2 == 0 ? HALF_X : HALF_Y;
    double[] middle = turned(heading, 0, -out);
    Se3 T_world_street = Placement.upright(middle[0], middle[1], 0, heading);
    long own = seed + 1000L * (street + 1);
    return new StreetFront(
        own,
        random,
        new TexturePainter(own),
        furniture,
        cars,
        T_world_street,
        -half + CLEAR_OF_CORNER_M,
        half - CLEAR_OF_CORNER_M,
        OUTSIDE_BEYOND_M);
  }

  private List<Body> traffic() {
    ClosedPath ours = lane(StreetScene.LANE_M);
    CarModel.Way leading = t -> 19 + SPEED_MPS * t + 3.5 * Math.sin(0.35 * t);
    List<Body> bodies =
        new ArrayList<>(cars.get(1).moving(t -> along(ours, leading.metres(t), 0), leading));
    ClosedPath theirs = lane(-StreetScene.LANE_M);
    CarModel.Way oncoming = t -> ONCOMING_MPS * t;
    bodies.addAll(
        cars.get(4).moving(t -> along(theirs, 90 - oncoming.metres(t), Math.PI), oncoming));
    return bodies;
  }

  private static Se3 along(ClosedPath path, double wayM, double turnRad) {
    double[] at = path.at(wayM);
    return Placement.upright(at[0], at[1], 0, path.headingRad(wayM - 1.5, 3) + turnRad);
  }

  private List<Body> pedestrians() {
    TexturePainter cloth = new TexturePainter(seed + 9);
    List<Body> bodies = new ArrayList<>();
    double pavement = StreetFront.KERB_M + 2.1;
    for (int i = 0; i < 8; i++) {
      int side = i % 2 == 0 ? 1 : -1;
      double[] at = {(i - 3.5) * 13, side * (HALF_Y + (i % 4 < 2 ? pavement : -pavement))};
      Walker.Clothes clothes =
          StreetScene.clothes(cloth, cloth.plaid(0x9C3A3A + 0x0A1505 * i, 0xE3DACA, 5), 0x2E3F66);
      ClosedPath path = ClosedPath.around(at[0], at[1], 12, 0.45);
      for (Body body : new Walker(path, 1.3, 7.0 * i, clothes).bodies()) {
        Motion raised =
            t -> Placement.at(0, 0, StreetFront.PAVEMENT_M).times(body.motion().T_world_body(t));
        bodies.add(new Body(body.shape(), raised, body.materials(), true));
      }
    }
    return bodies;
  }
}
