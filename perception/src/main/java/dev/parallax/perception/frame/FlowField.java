package dev.parallax.perception.frame;

/**
 * Optical flow in pixels of the grid it lies on.
 *
 * @param uv {@code [height width 2]} interleaved (du, dv), NaN where unknown
 */
public record FlowField(int width, int height, float[] uv) {
  public FlowField {
    if (uv.length != 2 * width * height) {
      throw new IllegalArgumentException(
          "FlowField %dx%d needs %d values, got %d"
              .formatted(width, height, 2 * width * height, uv.length));
    }
  }
}
