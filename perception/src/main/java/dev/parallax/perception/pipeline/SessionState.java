package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import org.jspecify.annotations.Nullable;

/**
 * What another process needs to go on with a camera's session in the same odom. The map is not in
 * it: who follows the deltas has it.
 *
 * @param stamp of the last frame worked on
 * @param T_odom_cam the pose at that frame
 * @param scaleStd one standard deviation of the metric scale over the scale; NaN where the unit of
 *     length is not (yet) metres found from the ground
 * @param view what tracking goes on from; null where only the pose is known: then depth is learnt
 *     anew, and a relative scale is no longer the same
 */
public record SessionState(
    CameraCalibration calibration,
    Timestamp stamp,
    Se3 T_odom_cam,
    double scaleStd,
    @Nullable View view) {

  /**
   * The last picture and what was believed of its depth.
   *
   * @param grey rectified, MONO8
   * @param belief on the depth's grid, not thinned out for publishing
   * @param readoutS from a picture's first row to its last, as learnt; NaN where it was not
   */
  public record View(Picture grey, DepthMap belief, double readoutS) {
    public View {
      if (grey.format() != Picture.Format.MONO8) {
        throw new IllegalArgumentException("The picture of a state is grey, got " + grey.format());
      }
    }
  }
}
