package dev.parallax.perception.odometry;

/**
 * Which pixels of a picture lie nearer than which, as somebody guesses who need know no lengths.
 */
public interface DepthOrder {
  /**
   * @param u pixel of the rectified picture
   * @return the larger the nearer; NaN where nothing is guessed
   */
  double nearness(float u, float v);
}
