package dev.parallax.perception.inertial;

import dev.parallax.perception.frame.InertialSamples;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.util.Optional;

/**
 * Makes odom level: the mean force over the moments before a camera's first picture points up, but
 * for what its motion adds.
 *
 * @param T_odom_cam the pose, turned so that z of odom is up and its heading stays
 * @param turnedRad by how much
 * @param stdRad how far it may still be tilted about a level axis: the sensor's bias, and what a
 *     camera that is already moved adds
 */
public record Level(Se3 T_odom_cam, double turnedRad, double stdRad) {
  private static final long MOST_NS = 1_000_000_000L;
  private static final double LEAST_S = 0.2;

  /** The mean force of a camera that neither falls nor is swung. */
  private static final double MAX_BESIDE_GRAVITY = 1;

  /** Of a common accelerometer. */
  private static final double BIAS_STD_MPS2 = 0.1;

  /** How much of the readings' scatter is left in their mean: a hand shakes once or twice then. */
  private static final double SCATTER_LEFT = 0.5;

  /**
   * @param T_odom_cam as it would be without
   * @return empty if too little was read before, nobody says how the sensor sits, or the camera was
   *     moved too strongly to tell
   */
  public static Optional<Level> of(InertialSamples samples, Timestamp first, Se3 T_odom_cam) {
    Se3 mount = samples.T_cam_imu();
    if (mount == null || samples.count() == 0) {
      return Optional.empty();
    }
    Timestamp from = new Timestamp(Math.max(samples.nanos()[0], first.nanos() - MOST_NS));
    Optional<InertialSpan> before = InertialSpan.between(samples, from, first);
    if (before.isEmpty() || before.get().seconds() < LEAST_S) {
      return Optional.empty();
    }
    double[] force = before.get().meanAccelMps2();
    double length = InertialAlignment.norm(force);
    if (Math.abs(length - InertialAlignment.GRAVITY_MPS2) > MAX_BESIDE_GRAVITY) {
      return Optional.empty();
    }
    double[] up = // in odom as it would be
        T_odom_cam.rotationOnly()
            .times(mount.rotationOnly())
            .transform(force[0] / length, force[1] / length, force[2] / length);
    // The shortest turn that takes up to z: about up x z.
    double sine = Math.hypot(up[0], up[1]);
    double angle = Math.atan2(sine, up[2]);
    double scale = sine > 0 ? angle / sine : 0;
    Se3 turn = Se3.ofRotationVector(scale * up[1], -scale * up[0], 0);
    double left = Math.hypot(BIAS_STD_MPS2, SCATTER_LEFT * scatter(before.get(), force));
    return Optional.of(
        new Level(
            turn.times(T_odom_cam).normalised(), angle, left / InertialAlignment.GRAVITY_MPS2));
  }

  /** Of the readings along each axis, one standard deviation. */
  private static double scatter(InertialSpan span, double[] mean) {
    double[] accel = span.accelMps2();
    double sum = 0;
    for (int i = 0; i < accel.length; i++) {
      double d = accel[i] - mean[i % 3];
      sum += d * d;
    }
    return Math.sqrt(sum / accel.length);
  }
}
