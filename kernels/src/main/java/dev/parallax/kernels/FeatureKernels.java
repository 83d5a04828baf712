package dev.parallax.kernels;

/**
 * Points that are found again without a guess of where: for coming back after a loss, and for
 * recognising a place. The same input gives the same answer, to the bit.
 */
public interface FeatureKernels {
  /**
   * Finds and describes points, spread over the picture by a grid so that one textured corner does
   * not take them all.
   *
   * @param grey {@code [H W 1]} U8
   * @param wanted at most so many points
   * @return fewer than wanted, even none, where the picture shows too little
   */
  Features detect(DeviceBuffer grey, int wanted);

  /**
   * Pairs points that look alike: each the other's nearest, and clearly nearer than the second
   * nearest (Lowe 2004, section 7.1).
   *
   * @param maxDistance bits by which a pair may differ, 0..256
   * @param maxRatio a pair's distance must be less than this share of the distance to the second
   *     nearest, in both directions; 1 to ask for no more than being the nearest
   * @return {@code [m 2]} pairs (index in from, index in to), in the order of from
   */
  int[] match(Features from, Features to, int maxDistance, double maxRatio);
}
