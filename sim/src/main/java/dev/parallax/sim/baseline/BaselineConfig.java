package dev.parallax.sim.baseline;

/**
 * Settings of the baseline, one for all recordings.
 *
 * @param adjust whether the last keyframes are refined by bundle adjustment
 * @param maxCorners how many corners are followed
 * @param cornerQuality a corner's strength over the strongest one's, at least
 * @param minDistancePx between corners
 * @param startFlowShare median motion that the first pair must have, over the picture's width
 * @param keyframeFlowShare median motion since the last keyframe that makes the next one
 * @param keyframeKeptShare share of the last keyframe's points that are still followed, below which
 *     the next one is made
 * @param maxErrorPx reprojection error of an inlier
 * @param minInliers fewer end the track
 * @param windowKeyframes how many keyframes are adjusted together
 */
public record BaselineConfig(
    boolean adjust,
    int maxCorners,
    double cornerQuality,
    double minDistancePx,
    double startFlowShare,
    double keyframeFlowShare,
    double keyframeKeptShare,
    double maxErrorPx,
    int minInliers,
    int windowKeyframes) {
  public BaselineConfig {
    if (maxCorners < 50 || minInliers < 6 || windowKeyframes < 3) {
      throw new IllegalArgumentException(
          "At least 50 corners, 6 inliers and 3 keyframes, got %d, %d and %d"
              .formatted(maxCorners, minInliers, windowKeyframes));
    }
  }

  /** With the bundle adjustment over seven keyframes. */
  public static BaselineConfig defaults() {
    return new BaselineConfig(true, 1000, 0.005, 10, 0.015, 0.03, 0.7, 1.5, 25, 7);
  }

  public BaselineConfig withAdjust(boolean newAdjust) {
    return new BaselineConfig(
        newAdjust,
        maxCorners,
        cornerQuality,
        minDistancePx,
        startFlowShare,
        keyframeFlowShare,
        keyframeKeptShare,
        maxErrorPx,
        minInliers,
        windowKeyframes);
  }
}
