package dev.parallax.perception.frame;

/**
 * Depth along the optical z axis with its uncertainty.
 *
 * @param depthM {@code [height width]} metres (or relative units, see {@link ScaleSource}), NaN
 *     where unknown, +Inf for sky
 * @param stdM {@code [height width]} one standard deviation in the same unit, NaN where unknown
 */
public record DepthMap(int width, int height, float[] depthM, float[] stdM) {
  public DepthMap {
    if (depthM.length != width * height || stdM.length != width * height) {
      throw new IllegalArgumentException(
          "DepthMap %dx%d needs %d values, got %d depths and %d stds"
              .formatted(width, height, width * height, depthM.length, stdM.length));
    }
  }
}
