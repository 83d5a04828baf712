package dev.parallax.kernels.cuda;

import static dev.parallax.kernels.MotionKernels.CELL;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.cuda.CudaMotionKernels.Cells;

/** From which cells move to which things do: {@code pieces.cu}. */
final class CudaMovingPieces implements AutoCloseable {
  /** How far flow spreads beyond a moving thing, picture pixels. */
  private static final int RIM_PX = 16;

  private final CudaStream stream;
  private final GridLaunches grids;
  private final CudaFunction lonePieces;
  private final CudaFunction joinGrowing;
  private final CudaFunction countGrowing;
  private final CudaFunction growMotion;
  private final CudaFunction joinSmooth;
  private final CudaFunction countMoving;
  private final CudaFunction completePieces;
  private final CudaFunction joinGaps;
  private final CudaFunction countSurroundings;
  private final CudaFunction fillGaps;
  private final CudaFunction trimRim;
  private final CudaFunction spreadMotion;
  private final Scratch labelMemory = new Scratch();
  private final Scratch pieceMemory = new Scratch();
  private final Scratch[] movesMemory = {new Scratch(), new Scratch()};
  private final Scratch[] depthMemory = {new Scratch(), new Scratch()};

  CudaMovingPieces(CudaDevice device, CudaStream stream, GridLaunches grids) {
    this.stream = stream;
    this.grids = grids;
    lonePieces = device.function("lone_pieces");
    joinGrowing = device.function("join_growing");
    countGrowing = device.function("count_growing");
    growMotion = device.function("grow_motion");
    joinSmooth = device.function("join_smooth");
    countMoving = device.function("count_moving");
    completePieces = device.function("complete_pieces");
    joinGaps = device.function("join_gaps");
    countSurroundings = device.function("count_surroundings");
    fillGaps = device.function("fill_gaps");
    trimRim = device.function("trim_rim");
    spreadMotion = device.function("spread_motion");
  }

  /**
   * @param cells with the verdict of each by itself
   * @param motion {@code [h w]} F32 receives 1 where a point moves, else 0
   */
  void complete(
      DepthGrid grid,
      Cells cells,
      DeviceBuffer grey,
      DeviceBuffer previousGrey,
      double[] T_prev_cur,
      DeviceBuffer motion) {
    int width = cells.shape().width();
    int height = cells.shape().height();
    CudaBuffer labels = labelMemory.words(height, width, 1);
    CudaBuffer pieces = pieceMemory.words(height, width, 3);
    grow(cells, labels, pieces);
    takeWhole(cells, labels, pieces);
    fillGaps(cells, labels, pieces);
    int turn = 0;
    for (int way = 0; way < RIM_PX; way += CELL * grid.stride()) {
      grids
          .overRays(trimRim, grid, T_prev_cur)
          .with(cells.extent())
          .with(grey)
          .with(previousGrey)
          .with(cells.surfaces())
          .with(moves(cells, turn))
          .with(depth(cells, turn))
          .with(moves(cells, 1 - turn))
          .with(depth(cells, 1 - turn))
          .overPixels(width, height);
      turn = 1 - turn;
    }
    grids
        .over(spreadMotion, grid)
        .with(cells.extent())
        .with(moves(cells, turn))
        .with(motion)
        .overPixels(grid.width(), grid.height());
  }

  private CudaBuffer moves(Cells cells, int turn) {
    return movesMemory[turn].bytes(cells.count());
  }

  private CudaBuffer depth(Cells cells, int turn) {
    return depthMemory[turn].words(cells.shape().height(), cells.shape().width(), 1);
  }

  private void begin(Cells cells, CudaBuffer labels, CudaBuffer pieces) {
    stream.launch(lonePieces).with(labels).with(pieces).with(cells.count()).over(cells.count());
  }

  /** Motion grows over neighbours of like flow that have no sure depth. */
  private void grow(Cells cells, CudaBuffer labels, CudaBuffer pieces) {
    begin(cells, labels, pieces);
    stream
        .launch(joinGrowing)
        .with(cells.extent())
        .with(cells.surfaces())
        .with(cells.flags())
        .with(labels)
        .over(cells.count());
    stream
        .launch(countGrowing)
        .with(cells.extent())
        .with(cells.surfaces())
        .with(cells.flags())
        .with(cells.moves())
        .with(labels)
        .with(pieces)
        .over(cells.count());
    stream
        .launch(growMotion)
        .with(cells.flags())
        .with(labels)
        .with(pieces)
        .with(cells.moves())
        .with(cells.count())
        .over(cells.count());
  }

  /** A small piece of smooth flow and depth of which enough moves, moves. */
  private void takeWhole(Cells cells, CudaBuffer labels, CudaBuffer pieces) {
    begin(cells, labels, pieces);
    stream
        .launch(joinSmooth)
        .with(cells.extent())
        .with(cells.surfaces())
        .with(labels)
        .over(cells.count());
    stream
        .launch(countMoving)
        .with(cells.moves())
        .with(labels)
        .with(pieces)
        .with(cells.count())
        .over(cells.count());
    stream
        .launch(completePieces)
        .with(cells.extent())
        .with(cells.known())
        .with(labels)
        .with(pieces)
        .with(cells.moves())
        .over(cells.count());
  }

  /**
   * Undecided cells go with what is around them; the answer is in the first memories of the rim.
   */
  private void fillGaps(Cells cells, CudaBuffer labels, CudaBuffer pieces) {
    begin(cells, labels, pieces);
    stream
        .launch(joinGaps)
        .with(cells.extent())
        .with(cells.surfaces())
        .with(cells.flags())
        .with(cells.moves())
        .with(labels)
        .over(cells.count());
    stream
        .launch(countSurroundings)
        .with(cells.extent())
        .with(cells.surfaces())
        .with(cells.flags())
        .with(cells.moves())
        .with(labels)
        .with(pieces)
        .over(cells.count());
    stream
        .launch(fillGaps)
        .with(cells.extent())
        .with(cells.known())
        .with(cells.surfaces())
        .with(cells.flags())
        .with(cells.moves())
        .with(labels)
        .with(pieces)
        .with(moves(cells, 0))
        .with(depth(cells, 0))
        .over(cells.count());
  }

  @Override
  public void close() {
    labelMemory.close();
    pieceMemory.close();
    for (int turn = 0; turn < 2; turn++) {
      movesMemory[turn].close();
      depthMemory[turn].close();
    }
  }
}
