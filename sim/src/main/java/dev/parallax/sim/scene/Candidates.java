package dev.parallax.sim.scene;

/**
 * The bodies that the rays of one tile can meet, nearest first, each with the least distance at
 * which a ray of the tile can meet it. Scratch of one thread, filled again for each tile.
 */
final class Candidates {
  private final BodyView[] views;
  private final double[] nearM;
  private int count;

  Candidates(int capacity) {
    views = new BodyView[capacity];
    nearM = new double[capacity];
  }

  void clear() {
    count = 0;
  }

  /** Inserts in order; lists are short, so a shift is cheaper than a sort. */
  void add(BodyView view, double viewNearM) {
    int at = count++;
    while (at > 0 && nearM[at - 1] > viewNearM) {
      nearM[at] = nearM[at - 1];
      views[at] = views[at - 1];
      at--;
    }
    nearM[at] = viewNearM;
    views[at] = view;
  }

  /** Casts a unit ray of the tile. */
  void cast(double dx, double dy, double dz, Hit hit) {
    double best = Double.POSITIVE_INFINITY;
    BodyView met = null;
    for (int i = 0; i < count && nearM[i] < best; i++) {
      double t = views[i].enter(dx, dy, dz);
      if (t < best) {
        best = t;
        met = views[i];
      }
    }
    hit.view = met;
    hit.rangeM = best;
    if (met == null) {
      return;
    }
    hit.x = met.ox + best * (met.m00 * dx + met.m01 * dy + met.m02 * dz);
    hit.y = met.oy + best * (met.m10 * dx + met.m11 * dy + met.m12 * dz);
    hit.z = met.oz + best * (met.m20 * dx + met.m21 * dy + met.m22 * dz);
    met.shape.describe(hit.x, hit.y, hit.z, hit.surface);
  }
}
