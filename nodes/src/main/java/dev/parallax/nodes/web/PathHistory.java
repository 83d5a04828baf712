package dev.parallax.nodes.web;

import dev.parallax.nodes.web.DashboardMessage.Kind;
import dev.parallax.nodes.web.DashboardMessage.Section;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Where the camera has been, in bounded memory: once full, every second point is given up and new
 * points are kept half as densely. Not thread-safe.
 */
final class PathHistory {
  private final float[] xyz;
  private int count;
  private int keepEvery = 1;
  private int sinceKept;
  private int generation;
  private double length;
  private boolean broken = true;
  private double lastX;
  private double lastY;
  private double lastZ;

  /**
   * @param maxPoints even, at least 4
   */
  PathHistory(int maxPoints) {
    xyz = new float[3 * maxPoints];
  }

  void add(double x, double y, double z) {
    if (!broken) {
      length += Math.sqrt(square(x - lastX) + square(y - lastY) + square(z - lastZ));
    }
    lastX = x;
    lastY = y;
    lastZ = z;
    boolean first = broken;
    broken = false;
    sinceKept++;
    if (first || sinceKept >= keepEvery) {
      append((float) x, (float) y, (float) z);
    }
  }

  /** The next point is not joined to the last one: the camera was lost in between. */
  void breakHere() {
    if (!broken) {
      broken = true;
      append(Float.NaN, Float.NaN, Float.NaN);
    }
  }

  /** The way so far is no more. */
  void clear() {
    count = 0;
    keepEvery = 1;
    sinceKept = 0;
    length = 0;
    broken = true;
    generation++;
  }

  int count() {
    return count;
  }

  /** Changes whenever points that were sent before are no longer what they were. */
  int generation() {
    return generation;
  }

  /** Length of all unbroken stretches, in the odometry's unit. */
  double length() {
    return length;
  }

  Section sectionFrom(int first) {
    ByteBuffer out = ByteBuffer.allocate(8 + 12 * (count - first)).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(first).putInt(count - first);
    for (int i = 3 * first; i < 3 * count; i++) {
      out.putFloat(xyz[i]);
    }
    return new Section(Kind.PATH, out.array());
  }

  private void append(float x, float y, float z) {
    if (3 * count == xyz.length) {
      thin();
    }
    xyz[3 * count] = x;
    xyz[3 * count + 1] = y;
    xyz[3 * count + 2] = z;
    count++;
    sinceKept = 0;
  }

  private void thin() {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (i % 2 == 0 || Float.isNaN(xyz[3 * i])) {
        System.arraycopy(xyz, 3 * i, xyz, 3 * kept++, 3);
      }
    }
    // A path that is little but breaks loses its oldest half instead.
    if (kept > xyz.length / 3 * 3 / 4) {
      kept = xyz.length / 6;
      System.arraycopy(Arrays.copyOf(xyz, xyz.length), xyz.length - 3 * kept, xyz, 0, 3 * kept);
    }
    count = kept;
    keepEvery *= 2;
    generation++;
  }

  private static double square(double v) {
    return v * v;
  }
}
