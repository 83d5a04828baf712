package dev.parallax.sim.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/**
 * Prints the mapper's time for a picture beside walking every ray, frame by frame in turn, so that
 * both meet the same machine. Processor time of the one thread that works, since on a shared
 * machine wall time measures the neighbours.
 */
public final class OccupancyComparison {
  private static final int WARM_UP_FRAMES = 120;
  private static final int FRAMES = 120;
  private static final double NANOS_PER_MS = 1e6;

  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private OccupancyComparison() {}

  /**
   * @param args the widths of the depth picture to try, by default 320
   */
  public static void main(String[] args) {
    for (String width : args.length == 0 ? new String[] {"320"} : args) {
      compare(Integer.parseInt(width));
    }
  }

  private static void compare(int width) {
    OccupancyBench mapper = new OccupancyBench();
    OccupancyBench everyRay = new OccupancyBench();
    mapper.width = width;
    everyRay.width = width;
    mapper.render();
    everyRay.render();
    double[] mapperMs = new double[FRAMES];
    double[] everyRayMs = new double[FRAMES];
    for (int i = -WARM_UP_FRAMES; i < FRAMES; i++) {
      long begin = CLOCK.getCurrentThreadCpuTime();
      mapper.mapper();
      long middle = CLOCK.getCurrentThreadCpuTime();
      everyRay.everyRay();
      long end = CLOCK.getCurrentThreadCpuTime();
      if (i >= 0) {
        mapperMs[i] = (middle - begin) / NANOS_PER_MS;
        everyRayMs[i] = (end - middle) / NANOS_PER_MS;
      }
    }
    mapper.close();
    everyRay.close();
    Arrays.sort(mapperMs);
    Arrays.sort(everyRayMs);
    double median = mapperMs[FRAMES / 2];
    double twin = everyRayMs[FRAMES / 2];
    System.out.printf(
        "%dx%d, %d frames: mapper median %.2f ms, p99 %.2f ms; every ray median %.1f ms; %.1f times%n",
        width, width * 3 / 4, FRAMES, median, mapperMs[FRAMES * 99 / 100], twin, twin / median);
  }
}
