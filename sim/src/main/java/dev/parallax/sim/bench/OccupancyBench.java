package dev.parallax.sim.bench;

import dev.parallax.kernels.VoxelRules;
import dev.parallax.kernels.cpu.CpuVoxelKernels;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.mapping.MapperConfig;
import dev.parallax.perception.mapping.OccupancyMapper;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One depth picture into a map of 5 cm voxels up to 5 m, on rounds through a furnished room: the
 * mapper beside walking every ray. The map is forgotten after each round, so that new space is part
 * of the work; depth carries 1 % of noise and 10 % of holes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class OccupancyBench {
  private static final int FRAMES = 60;
  private static final MapperConfig CONFIG = MapperConfig.forIndoors();

  /** Picture width; the height is three quarters of it. */
  @Param({"320", "640"})
  public int width;

  private final float[][] depthM = new float[FRAMES][];
  private final float[][] stdM = new float[FRAMES][];
  private final Se3[] poses = new Se3[FRAMES];
  private final CpuVoxelKernels kernels = new CpuVoxelKernels(1);
  private final EveryRayOccupancy everyRay =
      new EveryRayOccupancy(VoxelRules.standard(CONFIG.voxelSizeM(), CONFIG.maxRangeM()));
  private OccupancyMapper mapper = new OccupancyMapper(kernels, CONFIG);
  private PinholeCamera camera = new PinholeCamera(1, 1, 1, 1, 0, 0);
  private byte[] labels = new byte[0];
  private int frame;

  /** Renders the round. */
  @Setup
  public void render() {
    int height = width * 3 / 4;
    double focal = 0.82 * width;
    camera = new PinholeCamera(width, height, focal, focal, (width - 1) / 2.0, (height - 1) / 2.0);
    labels = new byte[width * height];
    Random noise = new Random(1);
    for (int i = 0; i < FRAMES; i++) {
      poses[i] = FurnishedRoom.pose(i, FRAMES);
      depthM[i] = FurnishedRoom.depth(camera, poses[i]);
      stdM[i] = new float[depthM[i].length];
      for (int p = 0; p < depthM[i].length; p++) {
        stdM[i][p] = 0.01f * depthM[i][p];
        depthM[i][p] += (float) (stdM[i][p] * noise.nextGaussian());
        depthM[i][p] = noise.nextInt(10) == 0 ? Float.NaN : depthM[i][p];
      }
    }
  }

  /** The mapper, holes and uncertainty and all. */
  @Benchmark
  public OccupancyDelta mapper() {
    int i = nextFrame();
    return mapper.integrate(camera, depthM[i], stdM[i], labels, poses[i]);
  }

  /** The yardstick. */
  @Benchmark
  public int everyRay() {
    int i = nextFrame();
    everyRay.integrate(camera, depthM[i], poses[i]);
    return everyRay.blocks().size();
  }

  /** Ends the kernels' threads. */
  @TearDown
  public void close() {
    kernels.close();
  }

  private int nextFrame() {
    frame = (frame + 1) % FRAMES;
    if (frame == 0) {
      mapper = new OccupancyMapper(kernels, CONFIG);
      everyRay.clear();
    }
    return frame;
  }
}
