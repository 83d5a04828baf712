package dev.parallax.perception.frame;

/**
 * Velocity of every visible point with the camera's motion removed.
 *
 * @param velocityMps {@code [height width 3]} interleaved (x, y, z), metres per second (relative
 *     units per second without a metric scale) along the axes of the current camera's optical
 *     frame, NaN where unknown
 */
public record SceneFlowField(int width, int height, float[] velocityMps) {
  public SceneFlowField {
    if (velocityMps.length != 3 * width * height) {
      throw new IllegalArgumentException(
          "SceneFlowField %dx%d needs %d values, got %d"
              .formatted(width, height, 3 * width * height, velocityMps.length));
    }
  }
}
