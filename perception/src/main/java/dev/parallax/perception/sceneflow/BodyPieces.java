package dev.parallax.perception.sceneflow;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.perception.frame.MovingMask;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** The connected pieces of a mask of what moves, on every second grid pixel. */
final class BodyPieces {
  /** Grid pixels between two that are looked at: masks are made of cells of this size. */
  static final int STEP = 2;

  /** Smaller pieces are no body. */
  private static final int MIN_CELLS = 8;

  private static final int NONE = -1;

  final int width;
  final int height;

  /** {@code [height width]} the piece that a cell belongs to; -1 if to none. */
  final int[] piece;

  /**
   * {@code [height width]} the piece that a cell belongs to or hangs on, taken for part of it by
   * flow; -1 if none.
   */
  final int[] reach;

  private final int gridWidth;
  private final int gridHeight;
  private final boolean[] isRoom;
  private final float[] slopeX;
  private final float[] slopeY;
  private final int[] queue;
  private int count;

  BodyPieces(DepthGrid grid) {
    gridWidth = grid.width();
    gridHeight = grid.height();
    slopeX = grid.columnSlopes();
    slopeY = grid.rowSlopes();
    width = (gridWidth + STEP - 1) / STEP;
    height = (grid.height() + STEP - 1) / STEP;
    piece = new int[width * height];
    reach = new int[width * height];
    isRoom = new boolean[width * height];
    queue = new int[width * height];
  }

  /** How many pieces were found. */
  int count() {
    return count;
  }

  /** The grid pixel that a cell begins with. */
  int pixel(int cell) {
    return cell / width * STEP * gridWidth + cell % width * STEP;
  }

  /** x/z of the ray on which a cell begins. */
  double x(int cell) {
    return slopeX[cell % width * STEP];
  }

  /** y/z of that ray. */
  double y(int cell) {
    return slopeY[cell / width * STEP];
  }

  /** Does something with each grid pixel of a cell. */
  void forEachPixel(int cell, IntConsumer action) {
    int firstRow = cell / width * STEP;
    int firstColumn = cell % width * STEP;
    for (int row = firstRow; row < Math.min(firstRow + STEP, gridHeight); row++) {
      for (int column = firstColumn; column < Math.min(firstColumn + STEP, gridWidth); column++) {
        action.accept(row * gridWidth + column);
      }
    }
  }

  void find(MovingMask mask) {
    for (int i = 0; i < piece.length; i++) {
      isRoom[i] = mask.labels()[pixel(i)] == MovingMask.MOVING;
    }
    Arrays.fill(piece, NONE);
    count = 0;
    for (int i = 0; i < piece.length; i++) {
      if (isRoom[i] && piece[i] == NONE) {
        queue[0] = i;
        piece[i] = count;
        int size = spread(piece, isRoom, 1);
        if (size < MIN_CELLS) {
          forget(size);
        } else {
          count++;
        }
      }
    }
    System.arraycopy(piece, 0, reach, 0, piece.length);
  }

  private void forget(int size) {
    for (int k = 0; k < size; k++) {
      piece[queue[k]] = NONE;
      isRoom[queue[k]] = false;
    }
  }

  /**
   * Lets the pieces reach over cells that hang on them.
   *
   * @param isLeft {@code [height width]} which cells outlines left out
   */
  void reachOver(boolean[] isLeft) {
    System.arraycopy(piece, 0, reach, 0, piece.length);
    int n = 0;
    for (int i = 0; i < piece.length; i++) {
      if (piece[i] != NONE) {
        queue[n++] = i;
      }
    }
    spread(reach, isLeft, n);
  }

  /**
   * Takes out of a drawing what hangs together with no piece.
   *
   * @param isDrawn {@code [height width]}
   */
  void keepTouching(boolean[] isDrawn) {
    Arrays.fill(reach, NONE);
    int n = 0;
    for (int i = 0; i < piece.length; i++) {
      if (piece[i] != NONE && isDrawn[i]) {
        reach[i] = piece[i];
        queue[n++] = i;
      }
    }
    spread(reach, isDrawn, n);
    for (int i = 0; i < piece.length; i++) {
      isDrawn[i] = reach[i] != NONE;
    }
  }

  /**
   * Spreads names over the cells that there is room on, from those queued. Corners join as well:
   * limbs are thin.
   *
   * @return how many cells were named and queued
   */
  private int spread(int[] names, boolean[] room, int queued) {
    int n = queued;
    for (int k = 0; k < n; k++) {
      int column = queue[k] % width;
      int row = queue[k] / width;
      for (int r = Math.max(row - 1, 0); r <= Math.min(row + 1, height - 1); r++) {
        for (int c = Math.max(column - 1, 0); c <= Math.min(column + 1, width - 1); c++) {
          int j = r * width + c;
          if (room[j] && names[j] == NONE) {
            names[j] = names[queue[k]];
            queue[n++] = j;
          }
        }
      }
    }
    return n;
  }
}
