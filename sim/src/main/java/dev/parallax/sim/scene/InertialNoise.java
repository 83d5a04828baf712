package dev.parallax.sim.scene;

/**
 * What an inertial sensor gets wrong: white noise, and a bias that starts somewhere and wanders
 * (the model and units of IEEE 952 as used by Kalibr).
 *
 * @param gyroDensity white noise, rad/s per root Hz
 * @param accelDensity white noise, m/s2 per root Hz
 * @param gyroWalk how the bias wanders, rad/s2 per root Hz
 * @param accelWalk how the bias wanders, m/s3 per root Hz
 * @param gyroBiasStd the bias at first along each axis, one standard deviation, rad/s
 * @param accelBiasStd the bias at first along each axis, one standard deviation, m/s2
 */
public record InertialNoise(
    double gyroDensity,
    double accelDensity,
    double gyroWalk,
    double accelWalk,
    double gyroBiasStd,
    double accelBiasStd) {
  public InertialNoise {
    double[] all = {gyroDensity, accelDensity, gyroWalk, accelWalk, gyroBiasStd, accelBiasStd};
    for (double v : all) {
      if (!(v >= 0 && v < 100)) {
        throw new IllegalArgumentException("Inertial noise is 0 to 100, got " + v);
      }
    }
  }

  /** As of the sensor of the EuRoC recordings (ADIS16448; Burri et al. 2016), with usual biases. */
  public static InertialNoise typical() {
    return new InertialNoise(1.7e-4, 2e-3, 1.9e-5, 3e-3, 5e-3, 5e-2);
  }

  public static InertialNoise none() {
    return new InertialNoise(0, 0, 0, 0, 0, 0);
  }
}
