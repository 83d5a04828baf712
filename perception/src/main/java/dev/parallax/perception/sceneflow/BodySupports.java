package dev.parallax.perception.sceneflow;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.GroundPlane;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What carries a moving body: legs swing and stand, so that their flow alone often says nothing,
 * but nothing hangs in the air. What lies under a body, is neither ground nor a surface of sure
 * depth, and goes on from it downwards, belongs to it, as far as to where it would stand. Agent
 * thread only.
 */
final class BodySupports {
  /** A depth surer than this is a resting surface's: what moves is triangulated badly. */
  private static final float SURE_RELATIVE_STD = 0.07f;

  /** Ground is where depth is within this share of the fitted plane's. */
  private static final double ON_GROUND = 0.15;

  /** Without a known depth a body goes down by so much of its own height at most. */
  private static final double MAX_SHARE_BELOW = 1.5;

  /** How far beyond the row where a body would stand its feet may reach, as a share of depth. */
  private static final double MAX_BELOW_FOOT = 0.1;

  /** A piece lower than this many cells is not carried by anything that could be told. */
  private static final int MIN_HEIGHT = 6;

  /** Legs begin under what is at least this share of the body's height: a hanging arm has none. */
  private static final double MIN_TRUNK = 0.6;

  private final BodyPieces pieces;

  /** {@code [height width]} how many cells of a body lie over one in its column, itself too. */
  private final int[] over;

  /** {@code [height width]} how many of them were added here. */
  private final int[] added;

  /** {@code [width]} whether a body's trunk is over a column or beside it: legs do not fan out. */
  private final boolean[] underTrunk;

  private double trunk;

  BodySupports(BodyPieces pieces) {
    this.pieces = pieces;
    over = new int[pieces.piece.length];
    added = new int[pieces.piece.length];
    underTrunk = new boolean[pieces.width];
  }

  /**
   * Adds what carries a piece to it, where it is known on what it stands.
   *
   * @param bodyDepth what is believed of its depth; NaN where nothing is
   */
  void add(int piece, DepthMap depth, @Nullable GroundPlane ground, double bodyDepth) {
    if (ground == null) {
      return;
    }
    measure(piece);
    for (int i = pieces.width; i < pieces.piece.length; i++) {
      if (pieces.piece[i] >= 0 || !underTrunk[i % pieces.width]) {
        continue;
      }
      int from = carried(i, piece);
      if (from >= 0
          && over[from] >= trunk
          && mayReach(i, from, ground, bodyDepth)
          && isLimb(i, depth, ground, bodyDepth)) {
        pieces.piece[i] = piece;
        over[i] = over[from];
        added[i] = added[from] + 1;
      }
    }
  }

  /** How high a piece is over each of its cells, and where its trunk is. */
  private void measure(int piece) {
    int w = pieces.width;
    int highest = 0;
    for (int i = 0; i < pieces.piece.length; i++) {
      if (pieces.piece[i] == piece) {
        over[i] = i >= w && pieces.piece[i - w] == piece ? over[i - w] + 1 : 1;
        added[i] = 0;
        highest = Math.max(highest, over[i]);
      }
    }
    trunk = Math.max(MIN_HEIGHT, MIN_TRUNK * highest);
    Arrays.fill(underTrunk, false);
    for (int i = 0; i < pieces.piece.length; i++) {
      if (pieces.piece[i] == piece && over[i] >= trunk) {
        int column = i % w;
        Arrays.fill(underTrunk, Math.max(column - 1, 0), Math.min(column + 2, w), true);
      }
    }
  }

  /**
   * The cell of the piece right over one, that with most of the body over it; -1 if there is none.
   */
  private int carried(int i, int piece) {
    int w = pieces.width;
    int best = -1;
    for (int d = -1; d <= 1; d++) {
      int column = i % w + d;
      int j = i - w + d;
      if (column >= 0 && column < w && pieces.piece[j] == piece) {
        best = best < 0 || over[j] > over[best] ? j : best;
      }
    }
    return best;
  }

  private boolean mayReach(int i, int from, GroundPlane ground, double bodyDepth) {
    return bodyDepth > 0
        ? groundAt(i, ground) * bodyDepth < 1 + MAX_BELOW_FOOT
        : added[from] < MAX_SHARE_BELOW * over[from];
  }

  private boolean isLimb(int i, DepthMap depth, GroundPlane ground, double bodyDepth) {
    int p = pieces.pixel(i);
    float z = depth.depthM()[p];
    if (!(z > 0)) {
      return bodyDepth > 0; // else nothing would end what is added
    }
    return depth.stdM()[p] > SURE_RELATIVE_STD * z && !isGround(i, z, ground);
  }

  /** Whether the depth of a cell is that of the ground. */
  boolean isGround(int i, float depth, @Nullable GroundPlane ground) {
    return ground != null && Math.abs(groundAt(i, ground) * depth - 1) < ON_GROUND;
  }

  private double groundAt(int i, GroundPlane ground) {
    return ground.inverseDepth(pieces.x(i), pieces.y(i));
  }
}
