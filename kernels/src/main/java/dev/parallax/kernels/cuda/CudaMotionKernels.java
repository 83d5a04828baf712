package dev.parallax.kernels.cuda;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels.Estimate;
import dev.parallax.kernels.DepthKernels.MeasurementRules;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.ElementType;
import dev.parallax.kernels.MotionKernels;
import dev.parallax.kernels.Shape;

/** The judgement of motion on the GPU: {@code motion.cu} and {@code pieces.cu}. Nothing waits. */
final class CudaMotionKernels implements MotionKernels, AutoCloseable {
  /** Rounds of the mean over surfaces, each along rows and columns and back. */
  private static final int MEAN_ROUNDS = 2;

  private static final int ROW_THREADS = 192;
  private static final int COLUMN_THREADS = 64;

  private final CudaStream stream;
  private final GridLaunches grids;
  private final CudaMovingPieces pieces;
  private final CudaFunction readCells;
  private final CudaFunction restTest;
  private final CudaFunction surfaceShares;
  private final CudaFunction meanAlongRows;
  private final CudaFunction meanAlongColumns;
  private final CudaFunction weighCells;
  private final Scratch surfaces = new Scratch();
  private final Scratch flags = new Scratch();
  private final Scratch known = new Scratch();
  private final Scratch shares = new Scratch();
  private final Scratch mean = new Scratch();
  private final Scratch moves = new Scratch();

  CudaMotionKernels(CudaDevice device, CudaStream stream) {
    this.stream = stream;
    grids = new GridLaunches(stream);
    pieces = new CudaMovingPieces(device, stream, grids);
    readCells = device.function("read_cells");
    restTest = device.function("rest_test");
    surfaceShares = device.function("surface_shares");
    meanAlongRows = device.function("mean_along_rows");
    meanAlongColumns = device.function("mean_along_columns");
    weighCells = device.function("weigh_cells");
  }

  /**
   * The cells of one call; all live until the next.
   *
   * @param extent (width, height)
   * @param surfaces {@code [ch cw 4]} flow, grey level, inverse depth
   * @param flags {@code [ch cw]} bytes, see cells.cuh
   * @param known one integer: cells of known depth
   * @param moves {@code [ch cw]} bytes, the verdict
   */
  record Cells(
      Shape shape,
      int[] extent,
      CudaBuffer surfaces,
      CudaBuffer flags,
      CudaBuffer known,
      CudaBuffer moves) {
    int count() {
      return shape.pixels();
    }
  }

  @Override
  public void clear(Belief belief) {
    stream.fill(CudaBuffer.live(belief.votes(), ElementType.F32), 0);
    stream.fill(CudaBuffer.live(belief.evidence(), ElementType.F32), 0);
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
    CudaBuffer.require(grey, ElementType.U8, grid.picture());
    CudaBuffer.require(previousGrey, ElementType.U8, grid.picture());
    CudaBuffer.require(flow, ElementType.F32, grid.shape().withChannels(2));
    CudaBuffer.require(inconsistency, ElementType.F32, grid.shape());
    CudaBuffer.require(covariance, ElementType.F32, grid.shape().withChannels(3));
    requireEstimate(grid, estimate);
    requireBelief(grid, before);
    requireBelief(grid, now);
    stream.bind();
    Cells cells = cells(grid);
    read(grid, cells, grey, flow, inconsistency, estimate, rules);
    grids
        .overRays(restTest, grid, T_prev_cur)
        .with(cells.extent())
        .with(cells.surfaces())
        .with(cells.flags())
        .with(inconsistency)
        .with(covariance)
        .with(estimate.variance())
        .with(grey)
        .with(previousGrey)
        .with(before.votes())
        .with(now.votes())
        .overPixels(cells.shape().width(), cells.shape().height());
    CudaBuffer overSurfaces = mean(cells, now.votes());
    stream
        .launch(weighCells)
        .with(cells.extent())
        .with(cells.surfaces())
        .with(overSurfaces)
        .with(before.evidence())
        .with(CELL * grid.stride())
        .with(now.evidence())
        .with(cells.flags())
        .with(cells.moves())
        .over(cells.count());
    pieces.complete(grid, cells, grey, previousGrey, T_prev_cur, estimate.motion());
  }

  private Cells cells(DepthGrid grid) {
    Shape shape = MotionKernels.cells(grid);
    int count = shape.pixels();
    return new Cells(
        shape,
        new int[] {shape.width(), shape.height()},
        surfaces.words(shape.height(), shape.width(), 4),
        flags.bytes(count),
        known.words(1, 1, 1),
        moves.bytes(count));
  }

  private void read(
      DepthGrid grid,
      Cells cells,
      DeviceBuffer grey,
      DeviceBuffer flow,
      DeviceBuffer inconsistency,
      Estimate estimate,
      MeasurementRules rules) {
    stream.fill(cells.known(), 0);
    grids
        .over(readCells, grid)
        .with(cells.extent())
        .with(flow)
        .with(inconsistency)
        .with(estimate.inverseDepth())
        .with(estimate.variance())
        .with(grey)
        .with((float) rules.maxInconsistencyPx())
        .with(cells.surfaces())
        .with(cells.flags())
        .with(cells.known())
        .overPixels(cells.shape().width(), cells.shape().height());
  }

  /** The mean of the votes over each cell's surface. */
  private CudaBuffer mean(Cells cells, DeviceBuffer votes) {
    int width = cells.shape().width();
    int height = cells.shape().height();
    CudaBuffer share = shares.words(height, width, 2);
    CudaBuffer field = mean.words(height, width, CHANNELS);
    stream
        .launch(surfaceShares)
        .with(cells.extent())
        .with(cells.surfaces())
        .with(share)
        .overPixels(width, height);
    for (int round = 0; round < MEAN_ROUNDS; round++) {
      stream
          .launch(meanAlongRows)
          .with(width)
          .with(share)
          .with(round == 0 ? votes : field)
          .with(field)
          .blocks(height, 1, ROW_THREADS);
      stream
          .launch(meanAlongColumns)
          .with(cells.extent())
          .with(share)
          .with(field)
          .blocks((CHANNELS * width + COLUMN_THREADS - 1) / COLUMN_THREADS, 1, COLUMN_THREADS);
    }
    return field;
  }

  private static void requireEstimate(DepthGrid grid, Estimate estimate) {
    CudaBuffer.require(estimate.inverseDepth(), ElementType.F32, grid.shape());
    CudaBuffer.require(estimate.variance(), ElementType.F32, grid.shape());
    CudaBuffer.require(estimate.motion(), ElementType.F32, grid.shape());
  }

  private static void requireBelief(DepthGrid grid, Belief belief) {
    Shape cells = MotionKernels.cells(grid);
    CudaBuffer.require(belief.votes(), ElementType.F32, cells.withChannels(CHANNELS));
    CudaBuffer.require(belief.evidence(), ElementType.F32, cells);
  }

  @Override
  public void close() {
    grids.close();
    pieces.close();
    for (Scratch scratch : new Scratch[] {surfaces, flags, known, shares, mean, moves}) {
      scratch.close();
    }
  }
}
