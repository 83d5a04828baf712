package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;

/**
 * A car's way along a straight street (world x): steady speed, drifting a little within its lane,
 * heading where it goes.
 *
 * @param laneM lateral place of the lane's middle, world y
 * @param driftM how far it drifts to either side, once every {@code driftPeriodM}
 */
record StreetDrive(
    double speedMps, double laneM, double heightM, double driftM, double driftPeriodM)
    implements Trajectory {
  @Override
  public Se3 T_world_cam(double timeS) {
    double x = speedMps * timeS;
    double phase = 2 * Math.PI * x / driftPeriodM;
    double slope = driftM * 2 * Math.PI / driftPeriodM * Math.cos(phase);
    return Trajectory.looking(
        x, laneM + driftM * Math.sin(phase), heightM, Math.atan(slope), Math.toRadians(-1.5), 0);
  }
}
