package dev.parallax.perception.sceneflow;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.Picture;
import java.util.Arrays;

/**
 * Draws the outline of what moves where the picture's colours change: dense flow spreads a body's
 * motion over what it passes by, and says nothing of a leg that stands. Of what has about the same
 * colour near a place, lately and now, either most moves or most rests, and all of it is taken for
 * that. So is a body that is painted like what it passes by and smaller than that: it is undecided
 * then. The counting is that of a bilateral grid (Chen, Paris and Durand, "Real-time edge-aware
 * image processing with the bilateral grid", 2007; to cut moving objects out: Maerki et al.,
 * "Bilateral space video segmentation", 2016). Agent thread only.
 */
final class BodyOutline {
  /** Places across the picture at which colours are counted: each as wide as a part of a body. */
  private static final int PLACES_ACROSS = 6;

  /** What is still thought of a picture's colours in the next one. */
  private static final float KEPT = 0.6f;

  /** Where nothing was decided, little speaks for rest. */
  private static final float UNDECIDED_WEIGHT = 0.1f;

  private final BodyPieces pieces;
  private final ColourCount colours;
  private final int pictureWidth;
  private final int cellPx;
  private final boolean[] moves;
  private final boolean[] drawn;
  private final boolean[] left;

  BodyOutline(DepthGrid grid, BodyPieces pieces) {
    this.pieces = pieces;
    pictureWidth = grid.picture().width();
    cellPx = grid.stride() * BodyPieces.STEP;
    colours = new ColourCount(pieces.width, pieces.height, PLACES_ACROSS);
    moves = new boolean[pieces.piece.length];
    drawn = new boolean[pieces.piece.length];
    left = new boolean[pieces.piece.length];
  }

  /** The pictures do not follow on one another. */
  void forget() {
    colours.fade(0);
  }

  /**
   * Finds pieces anew within outlines.
   *
   * @param picture of the grid's size, undistorted
   * @param mask whose pieces were found; receives the outlines. What they leave out is undecided
   * @return {@code [height width]} what they left out; good until the next call
   */
  boolean[] draw(Picture picture, MovingMask mask) {
    count(picture, mask);
    Arrays.fill(left, false);
    if (pieces.count() == 0) {
      return left;
    }
    colours.sumUp();
    for (int i = 0; i < moves.length; i++) {
      int column = i % pieces.width;
      int row = i / pieces.width;
      moves[i] = colours.movingShare(column, row, colour(picture, i)) > 0.5f;
    }
    takeMajority();
    pieces.keepTouching(drawn);
    for (int i = 0; i < drawn.length; i++) {
      boolean moved = mask.labels()[pieces.pixel(i)] == MovingMask.MOVING;
      left[i] = moved && pieces.piece[i] >= 0 && !drawn[i];
      if (drawn[i] || left[i]) {
        byte label = drawn[i] ? MovingMask.MOVING : MovingMask.UNKNOWN;
        pieces.forEachPixel(i, p -> mask.labels()[p] = label);
      }
    }
    pieces.find(mask);
    pieces.reachOver(left);
    return left;
  }

  private void count(Picture picture, MovingMask mask) {
    colours.fade(KEPT);
    for (int i = 0; i < moves.length; i++) {
      byte label = mask.labels()[pieces.pixel(i)];
      float weight = label == MovingMask.UNKNOWN ? UNDECIDED_WEIGHT : 1;
      colours.add(
          i % pieces.width, i / pieces.width, colour(picture, i), weight, pieces.piece[i] >= 0);
    }
  }

  /** {@code 0xRRGGBB} of the pixel that a cell begins with. */
  private int colour(Picture picture, int cell) {
    int channels = picture.format().channels();
    int pixel = cell / pieces.width * cellPx * pictureWidth + cell % pieces.width * cellPx;
    byte[] data = picture.data();
    int first = data[channels * pixel] & 0xff;
    return channels == 1
        ? first * 0x10101
        : first
            | (data[channels * pixel + 1] & 0xff) << 8
            | (data[channels * pixel + 2] & 0xff) << 16;
  }

  /** What most of the cells around one are, it is. */
  private void takeMajority() {
    int w = pieces.width;
    for (int i = 0; i < moves.length; i++) {
      int row = i / w;
      int column = i % w;
      int all = 0;
      int moving = 0;
      for (int r = Math.max(row - 1, 0); r <= Math.min(row + 1, pieces.height - 1); r++) {
        for (int c = Math.max(column - 1, 0); c <= Math.min(column + 1, w - 1); c++) {
          all++;
          moving += moves[r * w + c] ? 1 : 0;
        }
      }
      drawn[i] = 2 * moving > all;
    }
  }
}
