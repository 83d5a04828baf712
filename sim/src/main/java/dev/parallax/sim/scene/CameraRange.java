package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;
import java.util.Random;

/**
 * Where a camera may be in a made-up world and where it may look: a box of places, and a heading
 * and a pitch with a spread each.
 *
 * @param low {@code [3]} corner of the box, world, metres; {@code high} the other one
 * @param yawRad heading in the middle, {@code yawSpreadRad} uniform to both sides
 * @param pitchRad pitch in the middle, {@code pitchStdRad} normally distributed around it
 */
record CameraRange(
    double[] low,
    double[] high,
    double yawRad,
    double yawSpreadRad,
    double pitchRad,
    double pitchStdRad) {
  private static final double ROLL_STD_RAD = Math.toRadians(3);

  /** Looking anywhere around, on the whole a little down. */
  static CameraRange around(double[] low, double[] high) {
    return new CameraRange(low, high, 0, Math.PI, Math.toRadians(-8), Math.toRadians(13));
  }

  Se3 draw(Random random) {
    double[] at = new double[3];
    for (int i = 0; i < 3; i++) {
      at[i] = low[i] + (high[i] - low[i]) * random.nextDouble();
    }
    return Trajectory.looking(
        at[0],
        at[1],
        at[2],
        yawRad + yawSpreadRad * (2 * random.nextDouble() - 1),
        pitchRad + pitchStdRad * Math.max(-3, Math.min(3, random.nextGaussian())),
        ROLL_STD_RAD * random.nextGaussian());
  }
}
