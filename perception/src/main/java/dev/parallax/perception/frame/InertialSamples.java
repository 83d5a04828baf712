package dev.parallax.perception.frame;

import dev.parallax.perception.geometry.Se3;
import org.jspecify.annotations.Nullable;

/**
 * What an inertial sensor (IMU) read before a picture was taken: the last seconds, and, where it is
 * known, the first reading after the picture. More than the interval between two pictures, so that
 * nothing is lost with a picture that is dropped. The arrays are not to be changed.
 *
 * @param nanos {@code [n]} stamps in the pictures' clock, each after the one before
 * @param gyroRadps {@code [n 3]} angular velocity about the sensor's axes
 * @param accelMps2 {@code [n 3]} specific force along them: at rest 9.81 upwards
 * @param T_cam_imu where the sensor sits, in the camera's optical frame; null where nobody says
 */
public record InertialSamples(
    long[] nanos, double[] gyroRadps, double[] accelMps2, @Nullable Se3 T_cam_imu) {
  /**
   * @throws IllegalArgumentException if the arrays do not fit together, a stamp is not after the
   *     one before, or a reading is not finite
   */
  public InertialSamples {
    int n = nanos.length;
    if (gyroRadps.length != 3 * n || accelMps2.length != 3 * n) {
      throw new IllegalArgumentException(
          "%d stamps need as many turn rates and accelerations, got %d and %d numbers"
              .formatted(n, gyroRadps.length, accelMps2.length));
    }
    for (int i = 1; i < n; i++) {
      if (nanos[i] <= nanos[i - 1]) {
        throw new IllegalArgumentException(
            "Inertial stamps must rise, got %d after %d".formatted(nanos[i], nanos[i - 1]));
      }
    }
    double sum = 0;
    for (int i = 0; i < 3 * n; i++) {
      sum += gyroRadps[i] + accelMps2[i];
    }
    if (!Double.isFinite(sum)) {
      throw new IllegalArgumentException("An inertial reading is not finite");
    }
  }

  public int count() {
    return nanos.length;
  }

  /** The same readings that much later, for a recording that is played again. */
  public InertialSamples shiftedBy(long laterNs) {
    long[] shifted = nanos.clone();
    for (int i = 0; i < shifted.length; i++) {
      shifted[i] += laterNs;
    }
    return new InertialSamples(shifted, gyroRadps, accelMps2, T_cam_imu);
  }
}
