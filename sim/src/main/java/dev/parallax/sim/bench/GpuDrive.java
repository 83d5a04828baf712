package dev.parallax.sim.bench;

import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.kernels.cpu.JavaKernels;
import dev.parallax.kernels.cuda.CudaDevice;
import dev.parallax.kernels.cuda.CudaKernels;
import dev.parallax.kernels.cuda.CudaTraffic;
import dev.parallax.kernels.cuda.CudaUnavailableException;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FramePipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.sim.eval.odometry.PosePair;
import dev.parallax.sim.eval.odometry.TrajectoryError;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The closed loop on a GPU machine that has no OpenCV: a simulated drive through the whole pipeline
 * on the first GPU, its path held against the truth, and the time of a frame at several sizes.
 */
public final class GpuDrive {
  private static final long SEED = 5;
  private static final double FPS = 20;
  private static final int ROUNDS = Integer.getInteger("parallax.bench.rounds", 5);
  private static final double MAX_ATE_SHARE = 0.01;

  private GpuDrive() {}

  /**
   * @param arguments {@code drive FRAMES [FILE]}, {@code time FRAMES WxH...}, or {@code record
   *     FRAMES FILE}, which leaves there how far the CPU's kernels are off on the same drive
   */
  public static void main(String[] arguments) throws IOException {
    int frames = Integer.parseInt(arguments[1]);
    if (arguments[0].equals("record")) {
      try (CpuKernels kernels = new CpuKernels()) {
        Files.writeString(Path.of(arguments[2]), Double.toString(drive(kernels, frames).ateM()));
      }
      return;
    }
    try (CudaDevice device = CudaDevice.open(0)) {
      boolean isFine = true;
      if (arguments[0].equals("drive")) {
        try (CudaKernels kernels = new CudaKernels(device, GpuDrive::host)) {
          System.out.println("closed loop on " + kernels.device());
          isFine = judge(drive(kernels, frames), frames, arguments);
        }
      } else {
        System.out.println(
            "| whole path | p50 | p99 | frames a second | of frames | waits | waits to upload"
                + " | launches | bytes up | bytes down |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|");
        for (String size : Arrays.asList(arguments).subList(2, arguments.length)) {
          String[] sides = size.split("x", 2);
          time(device, frames, Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
        }
      }
      System.exit(isFine ? 0 : 1);
    } catch (CudaUnavailableException e) {
      System.out.println("no GPU: " + e.getMessage());
      System.exit(3);
    }
  }

  private static FramePipeline pipeline(PerceptionKernels kernels) {
    return new FramePipeline(PipelineConfig.defaults(), kernels, System::nanoTime, notice -> {});
  }

  /** Without OpenCV: a camera that gets lost here stays lost. */
  private static PerceptionKernels host() {
    return new JavaKernels(Math.min(2, Runtime.getRuntime().availableProcessors()));
  }

  /**
   * How a drive went.
   *
   * @param published how many frames
   * @param ateM after the best similarity
   * @param lengthM of the path
   */
  private record Drive(int published, double ateM, double lengthM) {}

  private static Drive drive(PerceptionKernels kernels, int frames) {
    SimulationConfig config = SimulationConfig.defaults(SEED, frames, FPS).withSize(320, 240);
    List<PosePair> pairs = new ArrayList<>();
    double lengthM = 0;
    try (SimulatedSequence room = SimulatedSequence.of(Scenes.ROOM, config);
        FramePipeline pipeline = pipeline(kernels)) {
      Iterator<SimulatedFrame> coming = room.iterator();
      SimulatedFrame next = coming.next();
      while (next != null) {
        SimulatedFrame frame = next;
        next = coming.hasNext() ? coming.next() : null;
        if (process(pipeline, frame, next) instanceof Estimated estimated) {
          pairs.add(
              new PosePair(
                  pairs.size(),
                  estimated.stamp(),
                  estimated.pose().T_odom_cam(),
                  frame.T_world_cam()));
          int last = pairs.size() - 1;
          if (last > 0) {
            lengthM +=
                pairs
                    .get(last - 1)
                    .T_world_cam()
                    .inverse()
                    .times(pairs.get(last).T_world_cam())
                    .distance();
          }
        }
      }
    }
    double ateM = TrajectoryError.of(pairs, TrajectoryError.Alignment.SIM3).rmseM();
    return new Drive(pairs.size(), ateM, lengthM);
  }

  /** As a source delivers them that is ahead of the pipeline. */
  private static FrameOutcome process(
      FramePipeline pipeline, SimulatedFrame frame, @Nullable SimulatedFrame next) {
    if (next != null) {
      pipeline.expect(next.frame());
    }
    return pipeline.process(frame.frame());
  }

  private static boolean judge(Drive drive, int frames, String[] arguments) throws IOException {
    System.out.printf(
        "closed loop: %d of %d frames published, ATE %.9f m over %.2f m%n",
        drive.published(), frames, drive.ateM(), drive.lengthM());
    if (arguments.length > 2) {
      double ofCpuM = Double.parseDouble(Files.readString(Path.of(arguments[2])));
      System.out.println("| simulated room, frames | ATE here | of the CPU's kernels | ratio |");
      System.out.println("|---|---|---|---|");
      System.out.printf(
          "| %d | %.4f m | %.4f m | %.2f |%n", frames, drive.ateM(), ofCpuM, drive.ateM() / ofCpuM);
    }
    return drive.published() == frames && drive.ateM() < MAX_ATE_SHARE * drive.lengthM();
  }

  private static void time(CudaDevice device, int frames, int width, int height) {
    SimulationConfig config = SimulationConfig.defaults(SEED, frames, FPS).withSize(width, height);
    List<SimulatedFrame> drawn = new ArrayList<>();
    try (SimulatedSequence room = SimulatedSequence.of(Scenes.ROOM, config)) {
      room.forEach(drawn::add);
    }
    time(device, drawn, true);
    time(device, drawn, false);
  }

  /**
   * @param isAhead whether each frame's successor is there when it is processed, as in a replay;
   *     live it is not
   */
  private static void time(CudaDevice device, List<SimulatedFrame> drawn, boolean isAhead) {
    List<Double> millis = new ArrayList<>();
    List<CudaTraffic> traffic = new ArrayList<>();
    for (int round = 0; round <= ROUNDS; round++) {
      try (CudaKernels kernels = new CudaKernels(device, GpuDrive::host);
          FramePipeline pipeline = pipeline(kernels)) {
        for (int i = 0; i < drawn.size(); i++) {
          CudaTraffic before = kernels.traffic();
          long begin = System.nanoTime();
          boolean knowsNext = isAhead && i + 1 < drawn.size();
          process(pipeline, drawn.get(i), knowsNext ? drawn.get(i + 1) : null);
          // The first round warms up, the first frames of each have nothing to compare with.
          if (round > 0 && i >= 2) {
            millis.add((System.nanoTime() - begin) / 1e6);
            traffic.add(kernels.traffic().since(before));
          }
        }
      }
    }
    millis.sort(null);
    PinholeCamera camera = drawn.get(0).frame().calibration().model().rectified();
    System.out.printf(
        "| %dx%d, %s | %.2f ms | %.2f ms | %.0f | %d | %d | %d | %d | %d | %d |%n",
        camera.width(),
        camera.height(),
        isAhead ? "the next one known" : "one by one",
        millis.get(millis.size() / 2),
        millis.get((int) Math.ceil(0.99 * millis.size()) - 1),
        1000 / millis.stream().mapToDouble(Double::doubleValue).average().orElseThrow(),
        millis.size(),
        median(traffic, CudaTraffic::waits),
        median(traffic, CudaTraffic::uploadWaits),
        median(traffic, CudaTraffic::launches),
        median(traffic, CudaTraffic::bytesUp),
        median(traffic, CudaTraffic::bytesDown));
  }

  private static long median(List<CudaTraffic> traffic, ToLongFunction<CudaTraffic> what) {
    return traffic.stream().mapToLong(what).sorted().skip(traffic.size() / 2).findFirst().orElse(0);
  }
}
