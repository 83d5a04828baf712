package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.List;

/**
 * A person who walks along a closed path, swinging arms and legs in step with the way covered.
 * Person frame: x ahead, y left, z up, origin on the ground.
 */
final class Walker {
  private static final double STRIDE_M = 1.35;
  private static final double THIGH_SWING_RAD = 0.42;
  private static final double KNEE_BEND_RAD = 0.85;
  private static final double ARM_SWING_RAD = 0.4;
  private static final double ELBOW_BEND_RAD = 0.45;
  private static final double HIP_M = 0.92;
  private static final double THIGH_M = 0.43;
  private static final double SHIN_M = 0.43;
  private static final double SHOULDER_M = 1.42;
  private static final double UPPER_ARM_M = 0.29;
  private static final double FOREARM_M = 0.25;

  private final ClosedPath path;
  private final double speedMps;
  private final double startM;
  private final Clothes clothes;

  /** What the person wears. */
  record Clothes(Material shirt, Material trousers, Material skin, Material hair, Material shoes) {}

  /**
   * @param startM where on the path the person is at time 0
   */
  Walker(ClosedPath path, double speedMps, double startM, Clothes clothes) {
    this.path = path;
    this.speedMps = speedMps;
    this.startM = startM;
    this.clothes = clothes;
  }

  List<Body> bodies() {
    List<Body> bodies = new ArrayList<>();
    add(bodies, new Ellipsoid(0.125, 0.2, 0.31), t -> Placement.at(0, 0, 1.2), clothes.shirt());
    add(bodies, new Ellipsoid(0.12, 0.17, 0.15), t -> Placement.at(0, 0, 0.94), clothes.trousers());
    add(bodies, new Capsule(0.055, 0.05), t -> Placement.at(0, 0, 1.5), clothes.skin());
    add(
        bodies,
        new Ellipsoid(0.095, 0.078, 0.12),
        t -> Placement.at(0.02, 0, 1.65),
        clothes.skin());
    add(
        bodies,
        new Ellipsoid(0.1, 0.087, 0.1),
        t -> Placement.at(-0.012, 0, 1.695),
        clothes.hair());
    addSide(bodies, 1, 0);
    addSide(bodies, -1, Math.PI);
    return bodies;
  }

  private void addSide(List<Body> bodies, int side, double lead) {
    add(
        bodies,
        new Capsule(0.078, THIGH_M / 2 - 0.03),
        t -> thigh(side, lead, t).times(Placement.at(0, 0, -THIGH_M / 2)),
        clothes.trousers());
    add(
        bodies,
        new Capsule(0.058, SHIN_M / 2 - 0.03),
        t -> shin(side, lead, t).times(Placement.at(0, 0, -SHIN_M / 2)),
        clothes.trousers());
    add(
        bodies,
        new Box(0.13, 0.05, 0.035),
        t -> shin(side, lead, t).times(Placement.at(0.05, 0, -SHIN_M - 0.02)),
        clothes.shoes());
    add(
        bodies,
        new Capsule(0.052, UPPER_ARM_M / 2 - 0.02),
        t -> upperArm(side, lead, t).times(Placement.at(0, 0, -UPPER_ARM_M / 2)),
        clothes.shirt());
    add(
        bodies,
        new Capsule(0.042, FOREARM_M / 2 - 0.02),
        t -> forearm(side, lead, t).times(Placement.at(0, 0, -FOREARM_M / 2)),
        clothes.shirt());
    add(
        bodies,
        new Ellipsoid(0.045, 0.03, 0.075),
        t -> forearm(side, lead, t).times(Placement.at(0, 0, -FOREARM_M - 0.05)),
        clothes.skin());
  }

  private void add(List<Body> bodies, Shape shape, Motion inPerson, Material material) {
    Motion motion = t -> T_world_person(t).times(inPerson.T_world_body(t));
    bodies.add(Body.moving(shape, motion, material));
  }

  private Se3 T_world_person(double timeS) {
    double wayM = startM + speedMps * timeS;
    double[] at = path.at(wayM);
    double bobM = 0.02 * Math.cos(2 * phase(timeS));
    return Placement.upright(at[0], at[1], bobM, path.headingRad(wayM, 0.3));
  }

  private double phase(double timeS) {
    return 2 * Math.PI * (startM + speedMps * timeS) / STRIDE_M;
  }

  private Se3 thigh(int side, double lead, double timeS) {
    double swing = THIGH_SWING_RAD * Math.sin(phase(timeS) + lead);
    return Placement.at(0, 0.095 * side, HIP_M).times(Placement.aboutY(-swing));
  }

  private Se3 shin(int side, double lead, double timeS) {
    double forwards = 0.5 + 0.5 * Math.cos(phase(timeS) + lead); // 1 while the leg swings ahead
    return thigh(side, lead, timeS)
        .times(Placement.at(0, 0, -THIGH_M))
        .times(Placement.aboutY(0.06 + KNEE_BEND_RAD * forwards * forwards));
  }

  private Se3 upperArm(int side, double lead, double timeS) {
    double swing = -ARM_SWING_RAD * Math.sin(phase(timeS) + lead);
    return Placement.at(0, 0.225 * side, SHOULDER_M)
        .times(Placement.aboutX(0.1 * side))
        .times(Placement.aboutY(-swing));
  }

  private Se3 forearm(int side, double lead, double timeS) {
    return upperArm(side, lead, timeS)
        .times(Placement.at(0, 0, -UPPER_ARM_M))
        .times(Placement.aboutY(-ELBOW_BEND_RAD));
  }
}
