package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;

/**
 * Another trajectory as a hand or a vehicle's springs carry it out: the camera shifts and turns
 * about its own axes by smooth random wobbles.
 */
final class Handheld implements Trajectory {
  private final Trajectory base;
  private final Shake[] shakes = new Shake[6];

  /**
   * @param shiftM root mean square of the shift along each axis
   * @param turnRad root mean square of the turn about each axis
   * @param lowHz slowest part of the wobble; {@code highHz} the fastest
   */
  Handheld(Trajectory base, long seed, double shiftM, double turnRad, double lowHz, double highHz) {
    this.base = base;
    for (int i = 0; i < 6; i++) {
      shakes[i] = new Shake(31 * seed + i, i < 3 ? shiftM : turnRad, lowHz, highHz);
    }
  }

  @Override
  public Se3 T_world_cam(double timeS) {
    double[] twist = new double[6];
    for (int i = 0; i < 6; i++) {
      twist[i] = shakes[i].at(timeS);
    }
    return base.T_world_cam(timeS).times(Se3.exp(twist));
  }
}
