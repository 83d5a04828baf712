package dev.parallax.perception.frame;

import dev.parallax.perception.geometry.Se3;
import java.util.Optional;

/**
 * A camera pose and how far to trust it.
 *
 * @param T_odom_cam maps points from the camera's optical frame to odom (x forward, y left, z up)
 * @param covariance {@code [6 6]} row-major over (translation m, rotation rad), perturbation on the
 *     left in odom: {@code T = exp(delta) * T_odom_cam}; of the pose in odom, so that it grows with
 *     the way from where odom began
 * @param motion of the camera since the picture before; empty where that was not seen
 * @param inlierShare share of the points used that agree with the pose, 0..1
 * @param state the session's state once this pose was found
 * @param scale where the unit of length comes from
 * @param scaleFigures how surely
 * @param figures how the pose was found
 */
public record PoseEstimate(
    Timestamp stamp,
    Se3 T_odom_cam,
    double[] covariance,
    Optional<CameraMotion> motion,
    double inlierShare,
    TrackingState state,
    ScaleSource scale,
    ScaleFigures scaleFigures,
    TrackingFigures figures) {
  public PoseEstimate {
    if (covariance.length != 36) {
      throw new IllegalArgumentException(
          "Pose covariance is 6x6, got %d values".formatted(covariance.length));
    }
  }

  /** A pose of which it is told neither how it was found nor how sure motion and scale are. */
  public PoseEstimate(
      Timestamp stamp,
      Se3 T_odom_cam,
      double[] covariance,
      double inlierShare,
      TrackingState state,
      ScaleSource scale) {
    this(
        stamp,
        T_odom_cam,
        covariance,
        Optional.empty(),
        inlierShare,
        state,
        scale,
        ScaleFigures.none(),
        TrackingFigures.none());
  }
}
