package dev.parallax.sim.scene;

import java.util.ArrayList;
import java.util.List;

/**
 * A car in one colour: frame x ahead, y left, z up, origin on the ground below its middle. 4.2 m
 * long, 1.7 m wide, 1.45 m high.
 */
final class CarModel {
  private static final double WHEEL_RADIUS_M = 0.31;

  private final Material[] body;
  private final Material[] cabin;
  private final Material tyre;
  private final Material rubber = Material.plain(0x222326);
  private final Material hub;

  CarModel(long seed, int rgb) {
    StreetPainter painter = new StreetPainter(seed);
    TexturePainter paint = new TexturePainter(seed);
    Material side = Material.picture(painter.carSide(rgb), 4.2, 0.62);
    Material roof = Material.tiled(paint.painted(rgb), 1.5);
    Material rear = Material.picture(painter.carEnd(rgb, 0xB01818), 1.7, 0.62);
    Material front = Material.picture(painter.carEnd(rgb, 0xF4F1DC), 1.7, 0.62);
    body = new Material[] {rear, front, side, side, Material.plain(0x1C1C1C), roof};
    Texture glass = painter.carGlass(rgb);
    Material ends = Material.picture(glass, 1.44, 0.56);
    Material flanks = Material.picture(glass, 2.2, 0.56);
    cabin = new Material[] {ends, ends, flanks, flanks, roof, roof};
    hub = Material.tiled(paint.stripes(0x9A9DA1, 0x5A5D61, 4), 0.2);
    tyre = Material.tiled(paint.stripes(0x1E1F21, 0x2C2D30, 5), 0.62);
  }

  /**
   * @param motion where the car's frame is; the wheels turn with {@code wayM}
   */
  List<Body> moving(Motion motion, Way wayM) {
    List<Body> bodies = new ArrayList<>();
    bodies.add(new Body(hull(), at(motion, 0, 0, 0.52), List.of(body), true));
    bodies.add(new Body(cabinShape(), at(motion, -0.15, 0, 1.1), List.of(cabin), true));
    for (int i = 0; i < 4; i++) {
      double x = i < 2 ? 1.3 : -1.25;
      double y = i % 2 == 0 ? 0.76 : -0.76;
      Motion wheel =
          t ->
              motion.T_world_body(t)
                  .times(Placement.at(x, y, WHEEL_RADIUS_M))
                  .times(Placement.aboutY(wayM.metres(t) / WHEEL_RADIUS_M))
                  .times(Placement.aboutX(Math.PI / 2));
      bodies.add(new Body(new Cylinder(WHEEL_RADIUS_M, 0.11), wheel, List.of(tyre, rubber), true));
      bodies.add(new Body(new Cylinder(0.19, 0.115), wheel, List.of(hub), true));
    }
    return bodies;
  }

  List<Body> parked(double x, double y, double yawRad) {
    Motion.Still place = new Motion.Still(Placement.upright(x, y, 0, yawRad));
    List<Body> bodies = new ArrayList<>();
    for (Body moving : moving(place, t -> 0)) {
      bodies.add(Body.still(moving.shape(), moving.motion().T_world_body(0), moving.materials()));
    }
    return bodies;
  }

  /** Way covered at a time, metres. */
  interface Way {
    double metres(double timeS);
  }

  private static Shape hull() {
    return new Box(2.1, 0.85, 0.31);
  }

  private static Shape cabinShape() {
    return new Box(1.1, 0.72, 0.28);
  }

  private static Motion at(Motion motion, double x, double y, double z) {
    return t -> motion.T_world_body(t).times(Placement.at(x, y, z));
  }
}
