package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;

/**
 * A wheeled robot's way: a closed path driven at a steady speed, the camera at a fixed height
 * looking ahead and, to and fro, a little to the left.
 *
 * @param lookAheadM how far ahead the camera turns towards
 * @param swayRad how far it looks left at most, beyond the path's direction
 */
record RoomTour(
    ClosedPath path,
    double speedMps,
    double heightM,
    double pitchRad,
    double lookAheadM,
    double swayRad)
    implements Trajectory {
  @Override
  public Se3 T_world_cam(double timeS) {
    double wayM = speedMps * timeS;
    double[] at = path.at(wayM);
    double turn = 2 * Math.PI * wayM / path.lengthM();
    double yaw = path.headingRad(wayM, lookAheadM) + swayRad * 0.5 * (1 - Math.cos(3 * turn));
    return Trajectory.looking(at[0], at[1], heightM, yaw, pitchRad, 0);
  }
}
