package dev.parallax.perception.odometry;

/** What is already known about depth in the current picture, for points about to be followed. */
public interface DepthHint {
  /** Knows nothing. */
  DepthHint NONE = (u, v, out) -> false;

  /**
   * @param u pixel of the rectified picture
   * @param out receives {@code [2]} inverse depth and its variance
   * @return false where nothing is known
   */
  boolean at(float u, float v, double[] out);
}
