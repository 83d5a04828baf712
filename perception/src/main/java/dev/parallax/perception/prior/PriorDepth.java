package dev.parallax.perception.prior;

import dev.parallax.perception.geometry.PinholeCamera;

/**
 * What a network makes of one picture, on a grid of its own.
 *
 * @param grid the camera whose pixels the values lie on: that of the picture, reduced
 * @param depth {@code [h w]} along z, positive; metres if {@code meaning} says so
 * @param std {@code [h w]} one standard deviation in the same unit once {@code depth}'s scale is
 *     right; NaN where the network does not say
 */
public record PriorDepth(PinholeCamera grid, float[] depth, float[] std, Meaning meaning) {
  public PriorDepth {
    int pixels = grid.width() * grid.height();
    if (depth.length != pixels || std.length != pixels) {
      throw new IllegalArgumentException(
          "Prior of %dx%d needs %d values, got %d depths and %d stds"
              .formatted(grid.width(), grid.height(), pixels, depth.length, std.length));
    }
  }

  /**
   * What is said of a pixel of the picture, without interpolation.
   *
   * @param camera the picture's
   * @return inverse depth as {@link #meaning} has it; NaN outside
   */
  public double inverseDepthAt(double u, double v, PinholeCamera camera) {
    int x = (int) Math.floor((u + 0.5) * grid.width() / camera.width());
    int y = (int) Math.floor((v + 0.5) * grid.height() / camera.height());
    boolean isInside = x >= 0 && y >= 0 && x < grid.width() && y < grid.height();
    return isInside ? 1 / depth[y * grid.width() + x] : Double.NaN;
  }

  /** What the numbers stand for. */
  public enum Meaning {
    METRIC,
    /** One unknown factor, which may change from picture to picture. */
    UP_TO_SCALE,
    /** An unknown factor and an unknown offset in inverse depth. */
    UP_TO_SCALE_AND_SHIFT
  }
}
