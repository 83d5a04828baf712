package dev.parallax.perception.sceneflow;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.geometry.OrderStatistic;
import java.util.Arrays;

/**
 * What rests around a moving body, as far as its depth is known. A body is seen before what it
 * hides, so it is no farther than the farthest of what its outline borders on. Agent thread only.
 */
final class BodySurroundings {
  /** Cells from the outline that still belong to what it borders on: masks end ragged. */
  private static final int REACH = 3;

  /** The share of them that counts as near: a single wrong depth is not the farthest. */
  private static final double FARTHEST = 0.9;

  /**
   * The share of what is around a body whose depth has to be known: where depth is lost, as in a
   * fast turn, nothing tells any body's.
   */
  private static final double MIN_KNOWN = 0.25;

  private final BodyPieces pieces;
  private final double[] known;
  private final boolean[] isTaken;

  BodySurroundings(BodyPieces pieces) {
    this.pieces = pieces;
    known = new double[pieces.piece.length];
    isTaken = new boolean[pieces.piece.length];
  }

  /**
   * The depth of the farthest of what rests around a piece.
   *
   * @param depth {@code [h w]} on the grid
   * @return NaN where too little around it is known
   */
  double farthest(int piece, DepthMap depth, MovingMask mask) {
    Arrays.fill(isTaken, false);
    int around = 0;
    int n = 0;
    for (int i = 0; i < pieces.piece.length; i++) {
      if (pieces.reach[i] != piece) {
        continue;
      }
      int lastRow = Math.min(i / pieces.width + REACH, pieces.height - 1);
      int lastColumn = Math.min(i % pieces.width + REACH, pieces.width - 1);
      for (int r = Math.max(i / pieces.width - REACH, 0); r <= lastRow; r++) {
        for (int c = Math.max(i % pieces.width - REACH, 0); c <= lastColumn; c++) {
          int j = r * pieces.width + c;
          if (pieces.reach[j] < 0 && !isTaken[j]) {
            isTaken[j] = true;
            around++;
            int p = pieces.pixel(j);
            float z = depth.depthM()[p];
            if (mask.labels()[p] == MovingMask.STATIC && z > 0) {
              known[n++] = z;
            }
          }
        }
      }
    }
    return n > MIN_KNOWN * around
        ? OrderStatistic.select(known, n, (int) (FARTHEST * (n - 1)))
        : Double.NaN;
  }
}
