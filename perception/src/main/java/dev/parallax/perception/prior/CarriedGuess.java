package dev.parallax.perception.prior;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;

/**
 * What a network made of an earlier picture, and where the camera has gone since.
 *
 * @param depth in odom's unit of length, on the network's own grid
 * @param isHole {@code [h w]} of that grid: where the network was told nothing
 * @param T_now_then from the camera of that picture to the present one
 */
record CarriedGuess(PriorDepth depth, boolean[] isHole, Se3 T_now_then) {
  private static final int ROUNDS = 3;

  /** What that picture did not show goes on as its border does, so many times as unsure. */
  private static final double BEYOND_BORDER = 2;

  /** The camera goes on. */
  CarriedGuess moved(Se3 T_next_now) {
    return new CarriedGuess(depth, isHole, T_next_now.times(T_now_then).normalised());
  }

  /** As the present camera sees it. */
  record Seen(PriorDepth depth, boolean[] isHole) {}

  /**
   * The same as the present camera sees it, on the same grid. Where a ray meets what was guessed is
   * sought by rounds: with a place on the ray goes a place in that picture, and with that a depth.
   * What came out from behind something is not told from what hid it.
   */
  Seen seenNow() {
    if (T_now_then.equals(Se3.identity())) {
      return new Seen(depth, isHole);
    }
    PinholeCamera grid = depth.grid();
    Se3 T_then_now = T_now_then.inverse();
    float[] z = new float[depth.depth().length];
    float[] std = new float[z.length];
    boolean[] hole = new boolean[z.length];
    for (int i = 0; i < z.length; i++) {
      double x = (i % grid.width() - grid.cx()) / grid.fx();
      double y = ((double) (i / grid.width()) - grid.cy()) / grid.fy();
      // The ray, along the axes of the camera of then.
      double rayX = T_then_now.r(0, 0) * x + T_then_now.r(0, 1) * y + T_then_now.r(0, 2);
      double rayY = T_then_now.r(1, 0) * x + T_then_now.r(1, 1) * y + T_then_now.r(1, 2);
      double rayZ = T_then_now.r(2, 0) * x + T_then_now.r(2, 1) * y + T_then_now.r(2, 2);
      double along = depth.depth()[i];
      int at = i;
      double u = 0;
      double v = 0;
      for (int round = 0; round < ROUNDS; round++) {
        double inverseZ = 1 / (along * rayZ + T_then_now.tz());
        u = grid.fx() * (along * rayX + T_then_now.tx()) * inverseZ + grid.cx();
        v = grid.fy() * (along * rayY + T_then_now.ty()) * inverseZ + grid.cy();
        int next = nearest(v, grid.height()) * grid.width() + nearest(u, grid.width());
        if (round > 0 && next == at) {
          break; // another round would find the same
        }
        at = next;
        along = (depth.depth()[at] - T_then_now.tz()) / rayZ;
      }
      boolean isSeen = rayZ > 0 && along > 0;
      boolean isInside =
          u >= -0.5 && v >= -0.5 && u < grid.width() - 0.5 && v < grid.height() - 0.5;
      double relativeStd = depth.std()[at] / depth.depth()[at] * (isInside ? 1 : BEYOND_BORDER);
      z[i] = isSeen ? (float) along : Float.NaN;
      std[i] = (float) (z[i] * relativeStd);
      hole[i] = isHole[at];
    }
    return new Seen(new PriorDepth(grid, z, std, depth.meaning()), hole);
  }

  private static int nearest(double place, int size) {
    return Math.max(0, Math.min(size - 1, (int) (place + 0.5)));
  }
}
