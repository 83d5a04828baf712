package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels.Estimate;
import dev.parallax.kernels.DepthKernels.MeasurementRules;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.MotionKernels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The judgement of motion in plain Java. */
final class CpuMotionKernels implements MotionKernels {
  /** A depth less sure than this may be a moving point's. */
  private static final float SURE_RELATIVE_STD = 0.3f;

  /** Half the edge of the patches that tell motion from rest, pixels. */
  private static final int PATCH_RADIUS_PX = 6;

  private final RowWorkers workers;
  private @Nullable Scratch scratch;

  CpuMotionKernels(RowWorkers workers) {
    this.workers = workers;
  }

  /** What one grid needs; nothing in it outlives a call. */
  private static final class Scratch {
    final CellFlow flow;
    final SurfaceMean surface;
    final MotionVerdict verdict;
    final MovingPieces pieces;
    final boolean[] sure;

    Scratch(DepthGrid grid) {
      flow = new CellFlow(grid);
      surface = new SurfaceMean(flow);
      verdict = new MotionVerdict(flow);
      pieces = new MovingPieces(flow);
      sure = new boolean[flow.width * flow.height];
    }
  }

  private Scratch scratch(DepthGrid grid) {
    Scratch made = scratch;
    if (made == null || !made.flow.grid.equals(grid)) {
      made = new Scratch(grid);
      scratch = made;
    }
    return made;
  }

  @Override
  public void clear(Belief belief) {
    Arrays.fill(HostBuffer.floats(belief.votes()), 0);
    Arrays.fill(HostBuffer.floats(belief.evidence()), 0);
  }

  @Override
  public void judge(
      DepthGrid grid,
      DeviceBuffer grey,
      DeviceBuffer previousGrey,
      DeviceBuffer flow,
      DeviceBuffer inconsistency,
      DeviceBuffer covariance,
      double[] T_prev_cur,
      MeasurementRules rules,
      Estimate estimate,
      Belief before,
      Belief now) {
    Scratch work = scratch(grid);
    byte[] picture = HostBuffer.bytes(grey);
    float[] rho = HostBuffer.floats(estimate.inverseDepth());
    float[] variance = HostBuffer.floats(estimate.variance());
    float[] votes = HostBuffer.floats(now.votes());
    work.flow.read(HostBuffer.floats(flow), picture);
    Arrays.fill(votes, 0);
    RestTest test =
        new RestTest(
            grid,
            new PatchMatch(
                grid.picture(), picture, HostBuffer.bytes(previousGrey), PATCH_RADIUS_PX),
            work.flow,
            HostBuffer.floats(inconsistency),
            HostBuffer.floats(covariance),
            T_prev_cur,
            rules,
            rho,
            variance,
            votes);
    workers.run(work.flow.height, test::run);
    work.flow.follow(HostBuffer.floats(before.votes()), votes);
    work.verdict.weigh(
        work.surface.of(votes),
        HostBuffer.floats(before.evidence()),
        HostBuffer.floats(now.evidence()));
    readSure(grid, rho, variance, work);
    work.verdict.grow(work.sure);
    work.pieces.complete(rho, work.verdict.moves);
    new MovingRim(grid, picture, HostBuffer.bytes(previousGrey), work.flow, T_prev_cur, rho)
        .trim(work.verdict.moves);
    write(grid, work, HostBuffer.floats(estimate.motion()));
  }

  private static void readSure(DepthGrid grid, float[] rho, float[] variance, Scratch work) {
    float limit = SURE_RELATIVE_STD * SURE_RELATIVE_STD;
    for (int r = 0; r < work.flow.height; r++) {
      for (int c = 0; c < work.flow.width; c++) {
        int i = r * CELL * grid.width() + c * CELL;
        work.sure[r * work.flow.width + c] = variance[i] <= limit * rho[i] * rho[i];
      }
    }
  }

  /** Tells every pixel of a cell what the cell does. */
  private static void write(DepthGrid grid, Scratch work, float[] motion) {
    int w = grid.width();
    for (int v = 0; v < grid.height(); v++) {
      if (v % CELL > 0) {
        System.arraycopy(motion, (v - 1) * w, motion, v * w, w);
      } else {
        int row = v / CELL * work.flow.width;
        for (int u = 0; u < w; u++) {
          motion[v * w + u] = work.verdict.moves[row + u / CELL] ? 1 : 0;
        }
      }
    }
  }
}
