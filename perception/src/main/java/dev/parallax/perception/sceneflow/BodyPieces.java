package dev.parallax.perception.sceneflow;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.perception.frame.MovingMask;

/** The connected pieces of a mask of what moves, on every second grid pixel. */
final class BodyPieces {
  /** Grid pixels between two that are looked at: masks are made of cells of this size. */
  static final int STEP = 2;

  /** Smaller pieces are no body. */
  private static final int MIN_CELLS = 8;

  final int width;
  final int height;

  /** {@code [height width]} the piece that a cell belongs to; -1 if to none. */
  final int[] piece;

  private final int gridWidth;
  private final float[] slopeX;
  private final float[] slopeY;
  private final int[] queue;
  private int count;

  BodyPieces(DepthGrid grid) {
    gridWidth = grid.width();
    slopeX = grid.columnSlopes();
    slopeY = grid.rowSlopes();
    width = (gridWidth + STEP - 1) / STEP;
    height = (grid.height() + STEP - 1) / STEP;
    piece = new int[width * height];
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

  void find(MovingMask mask) {
    byte[] labels = mask.labels();
    for (int i = 0; i < piece.length; i++) {
      piece[i] = labels[pixel(i)] == MovingMask.MOVING ? -2 : -1;
    }
    count = 0;
    for (int i = 0; i < piece.length; i++) {
      if (piece[i] == -2) {
        int size = fill(i, count);
        if (size < MIN_CELLS) {
          for (int k = 0; k < size; k++) {
            piece[queue[k]] = -1;
          }
        } else {
          count++;
        }
      }
    }
  }

  /** Corners join as well: limbs are thin. */
  private int fill(int first, int name) {
    int size = 1;
    queue[0] = first;
    piece[first] = name;
    for (int k = 0; k < size; k++) {
      int column = queue[k] % width;
      int row = queue[k] / width;
      for (int r = Math.max(row - 1, 0); r <= Math.min(row + 1, height - 1); r++) {
        for (int c = Math.max(column - 1, 0); c <= Math.min(column + 1, width - 1); c++) {
          int j = r * width + c;
          if (piece[j] == -2) {
            piece[j] = name;
            queue[size++] = j;
          }
        }
      }
    }
    return size;
  }
}
