package dev.parallax.kernels.cuda;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels.Estimate;
import dev.parallax.kernels.DepthKernels.MeasurementRules;
import dev.parallax.kernels.DepthKernels.PublishRules;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FlowKernels.Request;
import dev.parallax.kernels.Intrinsics;
import dev.parallax.kernels.MotionKernels;
import dev.parallax.kernels.MotionKernels.Belief;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.VoxelIntegrator;
import dev.parallax.kernels.VoxelRules;
import dev.parallax.kernels.VoxelView;
import java.util.Arrays;
import java.util.List;
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
  private static final MeasurementRules RULES = new MeasurementRules(0.25, 1.5, 9);
  private static final double[] STEP = {1, 0, 0, 0.02, 0, 1, 0, 0.01, 0, 0, 1, 0.03};

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
          Map.entry("publish_depth", 16.0),
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
        Frame frame = new Frame(scope, size)) {
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

  private void perKernel(Frame frame, double gigabytesPerSecond) {
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

  /** All buffers of a frame, and what a frame does with them. */
  private final class Frame implements AutoCloseable {
    private final Shape size;
    private final DepthGrid grid;
    private final byte[] bgr;
    private final float[] depthOut;
    private final float[] stdOut;
    private final byte[] labelsOut;
    private final DeviceBuffer picture;
    private final DeviceBuffer map;
    private final DeviceBuffer straight;

    /** Only costs its time: flow sees a pair of pictures whose shift is known. */
    private final DeviceBuffer straightGrey;

    private final DeviceBuffer grey;
    private final DeviceBuffer before;
    private final DeviceBuffer backward;
    private final DeviceBuffer forward;
    private final DeviceBuffer reference;
    private final DeviceBuffer closing;
    private final DeviceBuffer inconsistency;
    private final DeviceBuffer covariance;
    private final DeviceBuffer residual;
    private final DeviceBuffer across;
    private Belief motionBefore;
    private Belief motionNow;
    private final DeviceBuffer velocity;
    private final DeviceBuffer labels;
    private final DeviceBuffer depth;
    private final DeviceBuffer std;
    private final Estimate previous;
    private final Estimate current;
    private final VoxelIntegrator occupancy = kernels.voxels().integrator(new ParityMap());

    Frame(BufferScope scope, Shape size) {
      this.size = size;
      grid =
          new DepthGrid(
              size,
              new Intrinsics(size.width(), size.width(), size.width() / 2.0, size.height() / 2.0),
              2);
      ParityInput in = new ParityInput(kernels, scope, random);
      bgr = new byte[3 * size.pixels()];
      random.nextBytes(bgr);
      depthOut = new float[grid.shape().pixels()];
      stdOut = new float[depthOut.length];
      labelsOut = new byte[depthOut.length];
      picture = scope.u8(size.withChannels(3));
      map = in.of(size.withChannels(2), identity());
      straight = scope.u8(size.withChannels(3));
      straightGrey = scope.u8(size);
      DeviceBuffer[] pair = in.shiftedPair(size, 3.1, -1.2);
      grey = pair[0];
      before = pair[1];
      backward = scope.f32(grid.shape().withChannels(2));
      forward = scope.f32(grid.shape().withChannels(2));
      reference = in.of(backward.shape(), in.values(backward.shape().elements(), -3, 3, 0));
      closing = scope.f32(grid.shape().withChannels(2));
      inconsistency = scope.f32(grid.shape());
      covariance = scope.f32(grid.shape().withChannels(3));
      residual = scope.f32(grid.shape().withChannels(3));
      across = scope.f32(grid.shape());
      motionBefore = belief(scope);
      motionNow = belief(scope);
      velocity = scope.f32(grid.shape().withChannels(3));
      labels = scope.u8(grid.shape());
      depth = scope.f32(grid.shape());
      std = scope.f32(grid.shape());
      previous = estimate(in, scope);
      current = estimate(in, scope);
    }

    private float[] identity() {
      float[] at = new float[2 * size.pixels()];
      for (int i = 0; i < size.pixels(); i++) {
        at[2 * i] = i % size.width() + 0.4f;
        at[2 * i + 1] = i / size.width() - 0.3f;
      }
      return at;
    }

    private Estimate estimate(ParityInput in, BufferScope scope) {
      int pixels = grid.shape().pixels();
      return new Estimate(
          in.of(grid.shape(), in.values(pixels, 0.1, 0.3, 0)),
          in.of(grid.shape(), in.values(pixels, 1e-5, 1e-3, 0)),
          in.of(grid.shape(), in.values(pixels, 0, 0.4, 0)));
    }

    private Belief belief(BufferScope scope) {
      Shape cells = MotionKernels.cells(grid);
      Belief belief =
          new Belief(scope.f32(cells.withChannels(MotionKernels.CHANNELS)), scope.f32(cells));
      kernels.motion().clear(belief);
      return belief;
    }

    /** What moves, with the belief of the picture before. */
    private void judge() {
      Belief swap = motionBefore;
      motionBefore = motionNow;
      motionNow = swap;
      kernels
          .motion()
          .judge(
              grid,
              grey,
              before,
              backward,
              inconsistency,
              covariance,
              STEP,
              RULES,
              current,
              motionBefore,
              motionNow);
    }

    void run() {
      kernels.upload(bgr, picture);
      kernels.images().remap(picture, map, straight);
      kernels.images().grey(straight, straightGrey);
      kernels
          .flow()
          .dense(
              List.of(
                  new Request(grey, before, backward, false),
                  new Request(before, grey, forward, false)));
      kernels.flow().inconsistency(backward, forward, inconsistency);
      kernels.flow().invert(reference, closing);
      kernels
          .flow()
          .dense(
              List.of(
                  new Request(grey, before, reference, true),
                  new Request(before, grey, closing, true)));
      kernels.depth().flowNoise(grid, grey, 0.25, covariance);
      kernels.depth().carry(grid, previous, forward, STEP, 0.01, current);
      judge();
      kernels
          .depth()
          .residualFlow(grid, backward, inconsistency, covariance, STEP, RULES, current, residual);
      kernels
          .depth()
          .fuseTriangulated(
              grid, backward, inconsistency, covariance, STEP, RULES, current, across);
      kernels
          .depth()
          .sceneFlow(grid, backward, residual, previous, current, STEP, 1 / 30.0, velocity, labels);
      kernels.depth().publish(current, new PublishRules(0.5, 1.5, 4), depth, std);
      kernels.fetch(depth, depthOut);
      kernels.fetch(std, stdOut);
      kernels.fetch(labels, labelsOut);
      map();
    }

    @Override
    public void close() {
      occupancy.close();
    }

    private void map() {
      VoxelView view =
          new VoxelView(
              grid.width(),
              grid.height(),
              grid.width(),
              grid.width(),
              grid.width() / 2.0,
              grid.height() / 2.0,
              STEP);
      occupancy.integrate(view, VoxelRules.standard(0.1, 6), depth, std, labels);
    }
  }
}
