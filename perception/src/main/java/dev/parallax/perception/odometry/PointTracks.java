package dev.parallax.perception.odometry;

import java.util.Arrays;

/**
 * The points that odometry follows, as parallel arrays. A point belongs to the keyframe that first
 * saw it (its host); its depth is kept there as inverse depth along the optical axis. Agent thread
 * only.
 */
final class PointTracks {
  /** How many keyframes may be alive at once. */
  static final int SLOTS = 8;

  /** Over how many pictures back it is remembered where the points were. */
  static final int TRAIL = 8;

  final int capacity;
  int count;

  /** {@code [n 2]} pixel in the current picture. */
  final float[] uv;

  /** {@code [n 2]} where the point was when the pose last changed. */
  final float[] anchor;

  /** Window slot of the host keyframe. */
  final int[] host;

  /** Viewing ray in the host: x/z and y/z. */
  final double[] hostX;

  final double[] hostY;

  /** Inverse depth in the host and its variance. */
  final double[] rho;

  final double[] variance;

  /** {@code [slot][n 2]} pixel in each keyframe, NaN where not seen. */
  final float[][] seen = new float[SLOTS][];

  /** {@code [picture][n 2]} pixel in the last pictures, a ring; NaN where not followed yet. */
  private final float[][] trail = new float[TRAIL][];

  private int pictures;

  /** Share of recent frames in which the point agreed with the pose, 0..1. */
  final float[] trust;

  PointTracks(int capacity) {
    this.capacity = capacity;
    uv = new float[2 * capacity];
    anchor = new float[2 * capacity];
    host = new int[capacity];
    hostX = new double[capacity];
    hostY = new double[capacity];
    rho = new double[capacity];
    variance = new double[capacity];
    trust = new float[capacity];
    for (int s = 0; s < SLOTS; s++) {
      seen[s] = new float[2 * capacity];
      Arrays.fill(seen[s], Float.NaN);
    }
    for (int k = 0; k < TRAIL; k++) {
      trail[k] = new float[2 * capacity];
      Arrays.fill(trail[k], Float.NaN);
    }
  }

  boolean isSeen(int slot, int i) {
    return !Float.isNaN(seen[slot][2 * i]);
  }

  /**
   * Marks where the keyframe in {@code slot} sees each point: where it is in the current picture.
   */
  void seeAll(int slot) {
    System.arraycopy(uv, 0, seen[slot], 0, 2 * count);
  }

  void forgetSlot(int slot) {
    Arrays.fill(seen[slot], Float.NaN);
  }

  /** Forgets where keyframes saw a point, but for one. */
  void forgetSeen(int i, int butInSlot) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (slot != butInSlot) {
        seen[slot][2 * i] = Float.NaN;
        seen[slot][2 * i + 1] = Float.NaN;
      }
    }
  }

  /** Adds a point seen at a pixel of the keyframe in {@code slot}, its host. */
  void add(int slot, float u, float v, double x, double y, double inverseDepth, double var) {
    int i = count++;
    uv[2 * i] = u;
    uv[2 * i + 1] = v;
    anchor[2 * i] = u;
    anchor[2 * i + 1] = v;
    host[i] = slot;
    hostX[i] = x;
    hostY[i] = y;
    rho[i] = inverseDepth;
    variance[i] = var;
    trust[i] = 1;
    for (float[] pixels : seen) {
      pixels[2 * i] = Float.NaN;
      pixels[2 * i + 1] = Float.NaN;
    }
    for (float[] pixels : trail) {
      pixels[2 * i] = Float.NaN;
      pixels[2 * i + 1] = Float.NaN;
    }
    seen[slot][2 * i] = u;
    seen[slot][2 * i + 1] = v;
  }

  /** Remembers where the points are as the place that belongs to the present pose. */
  void anchorAll() {
    System.arraycopy(uv, 0, anchor, 0, 2 * count);
  }

  /**
   * Remembers where the points are as one picture of the trail, the oldest of which it replaces.
   */
  void leaveTrail() {
    System.arraycopy(uv, 0, trail[pictures++ % TRAIL], 0, 2 * count);
  }

  /**
   * {@code [n 2]} pixel in the oldest picture of the trail, NaN where a point was not followed yet;
   * not to be changed.
   */
  float[] trailEnd() {
    return trail[pictures % TRAIL];
  }

  /** Forgets where the points were in earlier pictures. */
  void forgetTrail() {
    for (float[] pixels : trail) {
      Arrays.fill(pixels, Float.NaN);
    }
  }

  /** Becomes a copy of tracks of the same capacity. */
  void copyFrom(PointTracks other) {
    count = other.count;
    System.arraycopy(other.uv, 0, uv, 0, uv.length);
    System.arraycopy(other.anchor, 0, anchor, 0, anchor.length);
    System.arraycopy(other.host, 0, host, 0, host.length);
    System.arraycopy(other.hostX, 0, hostX, 0, hostX.length);
    System.arraycopy(other.hostY, 0, hostY, 0, hostY.length);
    System.arraycopy(other.rho, 0, rho, 0, rho.length);
    System.arraycopy(other.variance, 0, variance, 0, variance.length);
    System.arraycopy(other.trust, 0, trust, 0, trust.length);
    for (int s = 0; s < SLOTS; s++) {
      System.arraycopy(other.seen[s], 0, seen[s], 0, seen[s].length);
    }
    pictures = other.pictures;
    for (int k = 0; k < TRAIL; k++) {
      System.arraycopy(other.trail[k], 0, trail[k], 0, trail[k].length);
    }
  }

  /** Multiplies all depths. */
  void rescale(double factor) {
    for (int i = 0; i < count; i++) {
      rho[i] /= factor;
      variance[i] /= factor * factor;
    }
  }

  void clear() {
    count = 0;
  }

  /** Keeps the points marked true, in their order. */
  void retain(boolean[] keep) {
    int n = 0;
    for (int i = 0; i < count; i++) {
      if (keep[i]) {
        move(i, n++);
      }
    }
    count = n;
  }

  private void move(int from, int to) {
    if (from == to) {
      return;
    }
    uv[2 * to] = uv[2 * from];
    uv[2 * to + 1] = uv[2 * from + 1];
    anchor[2 * to] = anchor[2 * from];
    anchor[2 * to + 1] = anchor[2 * from + 1];
    host[to] = host[from];
    hostX[to] = hostX[from];
    hostY[to] = hostY[from];
    rho[to] = rho[from];
    variance[to] = variance[from];
    trust[to] = trust[from];
    for (float[] pixels : seen) {
      pixels[2 * to] = pixels[2 * from];
      pixels[2 * to + 1] = pixels[2 * from + 1];
    }
    for (float[] pixels : trail) {
      pixels[2 * to] = pixels[2 * from];
      pixels[2 * to + 1] = pixels[2 * from + 1];
    }
  }
}
