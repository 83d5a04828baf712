package dev.parallax.sim.scene;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Smooth value noise on the unit square that joins up with itself at the edges. Keeps the random
 * numbers of the periods it was asked for. Thread-safe.
 */
final class PeriodicNoise {
  private static final int MAX_PERIOD = 1024;

  private final long seed;
  private final AtomicReferenceArray<float[]> lattices = new AtomicReferenceArray<>(MAX_PERIOD + 1);

  PeriodicNoise(long seed) {
    this.seed = seed;
  }

  /** One octave with {@code period} bumps along an edge, in [0, 1]. */
  double at(double u, double v, int period) {
    float[] lattice = lattice(period);
    double x = u * period;
    double y = v * period;
    int x0 = (int) Math.floor(x);
    int y0 = (int) Math.floor(y);
    double fx = fade(x - x0);
    double fy = fade(y - y0);
    int left = Math.floorMod(x0, period);
    int right = left + 1 == period ? 0 : left + 1;
    int row = Math.floorMod(y0, period);
    int upper = row * period;
    int lower = row + 1 == period ? 0 : upper + period;
    double above = lattice[upper + left] * (1 - fx) + lattice[upper + right] * fx;
    double below = lattice[lower + left] * (1 - fx) + lattice[lower + right] * fx;
    return above * (1 - fy) + below * fy;
  }

  /** Octaves of halving size and strength, about [0, 1] with mean 0.5. */
  double octaves(double u, double v, int period, int count) {
    double sum = 0;
    double weight = 0;
    double strength = 1;
    int p = period;
    for (int i = 0; i < count; i++) {
      sum += strength * at(u, v, p);
      weight += strength;
      strength *= 0.62; // slower than halving: keeps fine grain for the flow to hold on to
      p *= 2;
    }
    return sum / weight;
  }

  /** A fixed random number in [0, 1) for a cell of a grid. */
  double cell(int x, int y) {
    long z = seed + x * 0x9E3779B97F4A7C15L + y * 0xC2B2AE3D27D4EB4FL;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return ((z ^ (z >>> 31)) >>> 11) * 0x1p-53;
  }

  private float[] lattice(int period) {
    float[] known = lattices.get(period);
    if (known != null) {
      return known;
    }
    float[] values = new float[period * period];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) cell(i % period + period * 131, i / period);
    }
    lattices.set(period, values); // two threads may both do this, with the same numbers
    return values;
  }

  private static double fade(double t) {
    return t * t * (3 - 2 * t);
  }
}
