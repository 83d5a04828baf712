package dev.parallax.perception.odometry;

/** How freely a point's depth follows while a pose is searched for. */
enum DepthSide {
  /** By small steps from what is believed; what lies far from it is taken for an outlier. */
  BELIEVED,

  /** What disagrees is put to whatever depth in front of the camera it is seen at best. */
  AHEAD,

  /**
   * The same, and behind the camera too: a point then agrees if it lies on its epipolar line. What
   * drives along with the camera, and faster, does so.
   */
  EITHER_SIDE
}
