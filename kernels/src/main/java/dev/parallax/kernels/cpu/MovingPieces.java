package dev.parallax.kernels.cpu;

import static dev.parallax.kernels.MotionKernels.CELL;

/**
 * Takes moving things as wholes. Who walks along the epipolar line looks like a resting point at
 * another depth, but for the parts that move otherwise: a swinging leg gives the body away. So the
 * cells are joined into pieces of smooth flow and smooth depth, and a small piece of which enough
 * moves, moves.
 */
final class MovingPieces {
  /** Steps from cell to cell that part two pieces: picture pixels of flow, and a share of depth. */
  private static final float FLOW_STEP_PX = 0.5f;

  private static final float DEPTH_STEP = 0.08f;

  /** A larger share of the picture is the scene, not a thing in it. */
  private static final float MAX_SHARE = 0.2f;

  /** The share of a piece that has to be known to move. */
  private static final float MIN_MOVING_SHARE = 0.15f;

  /**
   * The share of the picture whose depth has to be known: what moves is not triangulated, so that
   * with less one mistake could spread over all and never end.
   */
  private static final float MIN_KNOWN_SHARE = 0.5f;

  /** The share of its surroundings that has to move for what is undecided to move with them. */
  private static final float MIN_MOVING_SURROUNDINGS = 0.65f;

  private final CellFlow flow;
  private final float[] inverseDepth;
  private final boolean[] reached;
  private final int[] piece;
  private final int[] neighbours = new int[4];

  MovingPieces(CellFlow flow) {
    this.flow = flow;
    int n = flow.width * flow.height;
    inverseDepth = new float[n];
    reached = new boolean[n];
    piece = new int[n];
  }

  /**
   * @param rho {@code [h w]} inverse depth on the grid, NaN unknown
   * @param moves {@code [ch cw]} which cells move; the rest of what they belong to is added, once
   *     half of the picture has depth
   */
  void complete(float[] rho, boolean[] moves) {
    int known = 0;
    for (int i = 0; i < moves.length; i++) {
      int row = i / flow.width * CELL;
      inverseDepth[i] = rho[row * flow.grid.width() + i % flow.width * CELL];
      known += Float.isNaN(inverseDepth[i]) ? 0 : 1;
      reached[i] = false;
    }
    if (known < MIN_KNOWN_SHARE * moves.length) {
      return;
    }
    for (int i = 0; i < moves.length; i++) {
      if (!reached[i]) {
        completePiece(i, moves);
      }
    }
    for (int i = 0; i < moves.length; i++) {
      reached[i] = moves[i] || isDecided(i);
    }
    for (int i = 0; i < moves.length; i++) {
      if (!reached[i]) {
        fillGap(i, moves);
      }
    }
  }

  private void completePiece(int first, boolean[] moves) {
    int moving = 0;
    int size = begin(first);
    for (int k = 0; k < size; k++) {
      int i = piece[k];
      moving += moves[i] ? 1 : 0;
      for (int j : neighboursOf(i)) {
        if (j >= 0 && !reached[j] && isSmooth(i, j)) {
          size = add(j, size);
        }
      }
    }
    if (size < MAX_SHARE * moves.length && moving > MIN_MOVING_SHARE * size) {
      mark(moves, size);
    }
  }

  /** Undecided cells, as where the flow leaves the picture, go with what is around them. */
  private void fillGap(int first, boolean[] moves) {
    int moving = 0;
    int resting = 0;
    int size = begin(first);
    for (int k = 0; k < size; k++) {
      for (int j : neighboursOf(piece[k])) {
        if (j >= 0 && moves[j]) {
          moving++;
        } else if (j >= 0 && isDecided(j)) {
          resting++;
        } else if (j >= 0 && !reached[j]) {
          size = add(j, size);
        }
      }
    }
    if (size < MAX_SHARE * moves.length && moving > MIN_MOVING_SURROUNDINGS * (moving + resting)) {
      mark(moves, size);
    }
  }

  private boolean isDecided(int i) {
    return flow.closes[i] && !Float.isNaN(inverseDepth[i]);
  }

  private int begin(int first) {
    return add(first, 0);
  }

  private int add(int i, int size) {
    reached[i] = true;
    piece[size] = i;
    return size + 1;
  }

  private void mark(boolean[] moves, int size) {
    for (int k = 0; k < size; k++) {
      moves[piece[k]] = true;
    }
  }

  /** Left, right, above, below; -1 outside. Valid until the next call. */
  private int[] neighboursOf(int i) {
    int w = flow.width;
    neighbours[0] = i % w > 0 ? i - 1 : -1;
    neighbours[1] = i % w < w - 1 ? i + 1 : -1;
    neighbours[2] = i >= w ? i - w : -1;
    neighbours[3] = i < reached.length - w ? i + w : -1;
    return neighbours;
  }

  private boolean isSmooth(int i, int j) {
    float step = Math.abs(flow.u[i] - flow.u[j]) + Math.abs(flow.v[i] - flow.v[j]);
    float a = inverseDepth[i];
    float b = inverseDepth[j];
    // Where depth is unknown, flow alone parts pieces.
    return step <= FLOW_STEP_PX && !(Math.abs(a - b) > DEPTH_STEP * Math.min(a, b));
  }
}
