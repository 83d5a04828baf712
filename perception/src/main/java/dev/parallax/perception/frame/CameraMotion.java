package dev.parallax.perception.frame;

import dev.parallax.perception.geometry.Covariance6;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;

/**
 * How a camera moved from one picture to the next.
 *
 * @param T_prev_cur maps points from the camera's optical frame to where that was in the picture
 *     before
 * @param intervalS between the two pictures
 * @param covariance {@code [6 6]} row-major over (translation m, rotation rad), perturbation on the
 *     right, along the axes of the camera: {@code T_prev_cur * exp(delta)}
 */
public record CameraMotion(Se3 T_prev_cur, double intervalS, double[] covariance) {
  public CameraMotion {
    if (covariance.length != 36 || !(intervalS > 0)) {
      throw new IllegalArgumentException(
          "Motion covariance is 6x6 and time goes on, got %d values over %s s"
              .formatted(covariance.length, intervalS));
    }
  }

  /**
   * {@code [6]} the constant velocity between the pictures: m/s along the camera's own axes, then
   * rad/s about them.
   */
  public double[] twist() {
    return over(T_prev_cur.normalised().log(), intervalS);
  }

  /** {@code [6 6]} row-major covariance of {@link #twist}. */
  public double[] twistCovariance() {
    return over(covariance, intervalS * intervalS);
  }

  /**
   * The motion of what carries the camera.
   *
   * @param T_base_cam where on it the camera sits
   */
  public CameraMotion of(Se3 T_base_cam) {
    return new CameraMotion(
        T_base_cam.times(T_prev_cur).times(T_base_cam.inverse()),
        intervalS,
        Covariance6.seenThrough(T_base_cam, covariance));
  }

  private static double[] over(double[] values, double divisor) {
    return Arrays.stream(values).map(value -> value / divisor).toArray();
  }
}
