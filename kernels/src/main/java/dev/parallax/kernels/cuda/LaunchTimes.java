package dev.parallax.kernels.cuda;

import static dev.parallax.kernels.cuda.CudaException.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jcuda.driver.CUevent;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** The GPU's own time of each launch, by events around it; for benchmarks, since events cost. */
final class LaunchTimes {
  /** One launch under way or done. */
  private record Launch(String kernel, long threads, CUevent begin, CUevent end) {}

  /**
   * All launches of a kernel.
   *
   * @param launches how many
   * @param threads of all launches together
   * @param millis of all launches together
   */
  record Total(int launches, long threads, double millis) {
    private Total plus(Total other) {
      return new Total(launches + other.launches, threads + other.threads, millis + other.millis);
    }
  }

  private final List<Launch> launches = new ArrayList<>();

  CUevent mark(CUstream stream) {
    CUevent event = new CUevent();
    check(JCudaDriver.cuEventCreate(event, 0), "cuEventCreate", "timing");
    check(JCudaDriver.cuEventRecord(event, stream), "cuEventRecord", "timing");
    return event;
  }

  void add(String kernel, long threads, CUevent begin, CUevent end) {
    launches.add(new Launch(kernel, threads, begin, end));
  }

  /** Waits for all launches, sums them by kernel, and begins anew. */
  Map<String, Total> collect() {
    Map<String, Total> totals = new TreeMap<>();
    for (Launch launch : launches) {
      float[] millis = new float[1];
      check(JCudaDriver.cuEventSynchronize(launch.end()), "cuEventSynchronize", launch.kernel());
      check(
          JCudaDriver.cuEventElapsedTime(millis, launch.begin(), launch.end()),
          "cuEventElapsedTime",
          launch.kernel());
      JCudaDriver.cuEventDestroy(launch.begin());
      JCudaDriver.cuEventDestroy(launch.end());
      totals.merge(launch.kernel(), new Total(1, launch.threads(), millis[0]), Total::plus);
    }
    launches.clear();
    return totals;
  }
}
