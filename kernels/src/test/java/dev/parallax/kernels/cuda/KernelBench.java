package dev.parallax.kernels.cuda;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import jcuda.driver.CUevent;

/**
 * Times the frame path's kernels in the order of a frame: the GPU's time of each kernel beside the
 * bytes it must move, and the wall time of the whole, its copies and waits included.
 */
final class KernelBench {
  private static final int WARM_UP = 10;
  private static final int FRAMES = Integer.getInteger("parallax.bench.frames", 200);

  /** Bytes that a thread must move, for the kernels whose time that decides. */
  private static final Map<String, Double> BYTES =
      Map.ofEntries(
          Map.entry("grey_of_bgr", 4.0),
          Map.entry("remap_u8", 14.0),
          Map.entry("half_of_grey", 8.0),
          Map.entry("half_of_level", 20.0),
          Map.entry("rescale_flow", 10.0),
          Map.entry("densify", 16.5),
          Map.entry("warp_pictures", 24.0),
          Map.entry("gradients_of_warped", 24.0),
          Map.entry("flow_inconsistency", 20.0),
          Map.entry("compose_flow", 24.0),
          Map.entry("invert_scatter", 12.0),
          Map.entry("quarter_of_grey", 20.0),
          Map.entry("gradient_products", 20.0),
          Map.entry("flow_covariance", 32.0),
          Map.entry("spread_covariance", 28.0),
          Map.entry("carry_scatter", 20.0),
          Map.entry("carry_gather", 36.0),
          Map.entry("close_holes", 28.0),
          Map.entry("fuse_triangulated", 44.0),
          Map.entry("residual_flow", 48.0),
          Map.entry("read_cells", 53.0),
          Map.entry("rest_test", 89.0),
          Map.entry("surface_shares", 24.0),
          Map.entry("weigh_cells", 51.0),
          Map.entry("lone_pieces", 16.0),
          Map.entry("join_growing", 21.0),
          Map.entry("count_growing", 30.0),
          Map.entry("grow_motion", 10.0),
          Map.entry("join_smooth", 20.0),
          Map.entry("count_moving", 17.0),
          Map.entry("complete_pieces", 18.0),
          Map.entry("join_gaps", 22.0),
          Map.entry("count_surroundings", 38.0),
          Map.entry("fill_gaps", 39.0),
          Map.entry("trim_rim", 31.0),
          Map.entry("spread_motion", 4.25),
          Map.entry("scene_velocity", 45.0),
          Map.entry("look_at_patches", 14.0),
          Map.entry("patch_doubt", 8.0),
          Map.entry("publish_depth", 20.0),
          Map.entry("leave_out_beneath", 8.0),
          Map.entry("pixel_evidence", 15.0),
          Map.entry("window_extremes", 10.0));

  private final CudaDevice device;
  private final CudaKernels kernels;
  private final Random random = new Random(1);

  KernelBench(CudaDevice device, CudaKernels kernels) {
    this.device = device;
    this.kernels = kernels;
  }

  void run() {
    double gigabytesPerSecond = copyBandwidth();
    System.out.printf(
        "measured bandwidth of a copy: %.0f GB/s, read and written together%n", gigabytesPerSecond);
    String sizes = System.getProperty("parallax.bench.sizes", "640x480,1280x720,1920x1080");
    for (String size : sizes.split(",")) {
      String[] sides = size.split("x");
      atSize(Shape.of(Integer.parseInt(sides[1]), Integer.parseInt(sides[0])), gigabytesPerSecond);
    }
  }

  private double copyBandwidth() {
    int megabytes = Integer.getInteger("parallax.bench.copy", 512);
    try (CudaStream stream = new CudaStream(device);
        Scratch from = new Scratch();
        Scratch to = new Scratch()) {
      CudaBuffer a = from.words(megabytes, 1 << 18, 1);
      CudaBuffer b = to.words(megabytes, 1 << 18, 1);
      stream.fill(a, 1);
      stream.copy(a, b);
      LaunchTimes times = new LaunchTimes();
      CUevent begin = stream.mark(times);
      for (int i = 0; i < 10; i++) {
        stream.copy(a, b);
      }
      times.add("copy", 1, begin, stream.mark(times));
      double seconds = times.collect().get("copy").millis() / 1000;
      return 10 * 2 * a.bytes() / seconds / 1e9;
    }
  }

  private void atSize(Shape size, double gigabytesPerSecond) {
    try (BufferScope scope = kernels.openScope();
        KernelFrame frame = new KernelFrame(kernels, scope, size, random)) {
      for (int i = 0; i < WARM_UP; i++) {
        frame.run();
      }
      double[] millis = new double[FRAMES];
      for (int i = 0; i < FRAMES; i++) {
        long begin = System.nanoTime();
        frame.run();
        millis[i] = (System.nanoTime() - begin) / 1e6;
      }
      Arrays.sort(millis);
      System.out.printf(
          "%nkernels of a frame in turn at %dx%d: p50 %.3f ms, p99 %.3f ms, %.0f a second%n",
          size.width(),
          size.height(),
          millis[FRAMES / 2],
          millis[(int) Math.ceil(0.99 * FRAMES) - 1],
          1000 / Arrays.stream(millis).average().orElseThrow());
      perKernel(frame, gigabytesPerSecond);
    }
  }

  private void perKernel(KernelFrame frame, double gigabytesPerSecond) {
    LaunchTimes times = new LaunchTimes();
    kernels.stream().timeWith(times);
    int rounds = Math.min(20, FRAMES);
    for (int i = 0; i < rounds; i++) {
      frame.run();
    }
    kernels.stream().timeWith(null);
    System.out.println(
        "| kernel | launches a frame | us a launch | bytes a launch | GB/s | share |");
    System.out.println("|---|---|---|---|---|---|");
    times.collect().forEach((kernel, total) -> row(kernel, total, rounds, gigabytesPerSecond));
  }

  private static void row(
      String kernel, LaunchTimes.Total total, int rounds, double gigabytesPerSecond) {
    Double bytesAThread = BYTES.get(kernel);
    double bytes = bytesAThread == null ? 0 : bytesAThread * total.threads() / total.launches();
    double micros = 1000 * total.millis() / total.launches();
    double rate = bytes / micros / 1000;
    System.out.printf(
        "| `%s` | %.1f | %.2f | %s |%n",
        kernel,
        (double) total.launches() / rounds,
        micros,
        bytesAThread == null
            ? "- | - | -"
            : "%.0f | %.0f | %.0f %%".formatted(bytes, rate, 100 * rate / gigabytesPerSecond));
  }
}
