package dev.parallax.perception.odometry;

import dev.parallax.kernels.Features;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;

/**
 * What is kept of a keyframe to find the camera by.
 *
 * @param features points that are recognised from elsewhere
 * @param inverseDepth {@code [n]} of each feature in this keyframe, NaN where unknown
 */
record StoredKeyframe(Timestamp stamp, Se3 T_cam_odom, Features features, float[] inverseDepth) {
  StoredKeyframe withPose(Se3 newT_cam_odom) {
    return new StoredKeyframe(stamp, newT_cam_odom, features, inverseDepth);
  }

  /** Lengths are multiplied, the pose as given. */
  StoredKeyframe rescaled(Se3 newT_cam_odom, double factor) {
    float[] scaled = inverseDepth.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] /= (float) factor;
    }
    return new StoredKeyframe(stamp, newT_cam_odom, features, scaled);
  }
}
