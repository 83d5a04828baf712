package dev.parallax.perception.sceneflow;

/**
 * How much of each colour moves near each place of a picture: sums over (place, colour). A cell
 * counts at the four places around it, and for the shades next to its own as well. Agent thread
 * only.
 */
final class ColourCount {
  /** Levels of a channel, a power of two: a shade of the same paint is next to it at most. */
  private static final int LEVEL_BITS = 4;

  private static final int LEVELS = 1 << LEVEL_BITS;
  private static final int COLOURS = LEVELS * LEVELS * LEVELS;

  private final float cellsAPlace;
  private final int across;

  /** {@code [down across LEVELS LEVELS LEVELS]} weight of all that was counted. */
  private final float[] all;

  /** The same of what moves. */
  private final float[] moving;

  private float[] nearAll;
  private float[] nearMoving;
  private float[] spare;
  private final int[] place = new int[4];
  private final float[] share = new float[4];

  /**
   * @param width of the picture, cells
   * @param placesAcross how many places its width has
   */
  ColourCount(int width, int height, int placesAcross) {
    cellsAPlace = (float) width / placesAcross;
    across = placesAcross + 2;
    int down = (int) (height / cellsAPlace) + 2;
    all = new float[down * across * COLOURS];
    moving = new float[all.length];
    nearAll = new float[all.length];
    nearMoving = new float[all.length];
    spare = new float[all.length];
  }

  /** Keeps this share of what was counted. */
  void fade(float kept) {
    for (int i = 0; i < all.length; i++) {
      all[i] *= kept;
      moving[i] *= kept;
    }
  }

  /**
   * Counts a cell.
   *
   * @param colour {@code 0xRRGGBB}
   */
  void add(int column, int row, int colour, float weight, boolean moves) {
    int bin = bin(colour);
    lookAround(column, row);
    for (int k = 0; k < 4; k++) {
      int i = place[k] * COLOURS + bin;
      all[i] += weight * share[k];
      if (moves) {
        moving[i] += weight * share[k];
      }
    }
  }

  /** Sums up what was counted, for {@link #movingShare}. */
  void sumUp() {
    nearAll = spread(all, nearAll);
    nearMoving = spread(moving, nearMoving);
  }

  /**
   * Shares sums out to the shades next to theirs.
   *
   * @param room what may be written over
   */
  private float[] spread(float[] sums, float[] room) {
    float[] from = sums;
    float[] to = room;
    for (int shift = 0; shift < 3 * LEVEL_BITS; shift += LEVEL_BITS) {
      spread(from, to, shift);
      float[] next = from == sums ? spare : from;
      from = to;
      to = next;
    }
    spare = to;
    return from;
  }

  private static void spread(float[] from, float[] to, int shift) {
    int step = 1 << shift;
    for (int i = 0; i < from.length; i++) {
      int level = i >> shift & LEVELS - 1;
      float below = level > 0 ? from[i - step] : 0;
      float above = level < LEVELS - 1 ? from[i + step] : 0;
      to[i] = 0.25f * (below + above) + 0.5f * from[i];
    }
  }

  /** Of what has the colour of a cell near it, the share that moves. The cell was counted. */
  float movingShare(int column, int row, int colour) {
    int bin = bin(colour);
    lookAround(column, row);
    float sum = 0;
    float sumMoving = 0;
    for (int k = 0; k < 4; k++) {
      sum += share[k] * nearAll[place[k] * COLOURS + bin];
      sumMoving += share[k] * nearMoving[place[k] * COLOURS + bin];
    }
    return sumMoving / sum;
  }

  private void lookAround(int column, int row) {
    float x = column / cellsAPlace;
    float y = row / cellsAPlace;
    int left = (int) x;
    int top = (int) y;
    for (int k = 0; k < 4; k++) {
      float right = k % 2 == 0 ? 1 - (x - left) : x - left;
      float low = k / 2 == 0 ? 1 - (y - top) : y - top;
      place[k] = (top + k / 2) * across + left + k % 2;
      share[k] = right * low;
    }
  }

  private static int bin(int colour) {
    return (level(colour >> 16) << LEVEL_BITS | level(colour >> 8)) << LEVEL_BITS | level(colour);
  }

  private static int level(int channel) {
    return (channel & 0xff) >> 8 - LEVEL_BITS;
  }
}
