package dev.parallax.perception.odometry;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.RankCorrelation;
import org.jspecify.annotations.Nullable;

/**
 * Whether depths that were found run against what is guessed of the keyframe's picture. Near and
 * far exchanged, the step turned round and the turn made up for explain two pictures nearly as
 * well; a guess that is poor in its lengths still tells the one from the other. Agent thread only.
 */
final class OrderCheck {
  /** Fewer points tell no order. */
  private static final int MIN_POINTS = 50;

  private @Nullable Timestamp guessedOf;
  private @Nullable DepthOrder guess;

  /** Somebody guesses at a picture. */
  void hear(Timestamp picture, DepthOrder order) {
    guessedOf = picture;
    guess = order;
  }

  /** Whether somebody guessed at a keyframe's picture. */
  boolean isGuessed(Keyframe keyframe) {
    return keyframe.stamp().equals(guessedOf);
  }

  /**
   * @param keyframe which saw the points
   * @param inverseDepth {@code [n]} as found, negative behind the camera, NaN where unknown
   * @param leftOut {@code [n]} points that are not asked; null for none
   * @return false too where nobody guessed at that picture
   */
  boolean isReversed(
      PointTracks points, Keyframe keyframe, double[] inverseDepth, boolean @Nullable [] leftOut) {
    DepthOrder order = guess;
    if (order == null || !isGuessed(keyframe)) {
      return false;
    }
    float[] seen = points.seen[keyframe.slot()];
    double[] found = new double[points.count];
    double[] guessed = new double[points.count];
    int n = 0;
    for (int i = 0; i < points.count; i++) {
      boolean isAsked = points.isSeen(keyframe.slot(), i) && (leftOut == null || !leftOut[i]);
      double nearness = order.nearness(seen[2 * i], seen[2 * i + 1]);
      if (isAsked && !Double.isNaN(nearness) && !Double.isNaN(inverseDepth[i])) {
        found[n] = inverseDepth[i];
        guessed[n++] = nearness;
      }
    }
    return n >= MIN_POINTS && RankCorrelation.of(found, guessed, n) < 0;
  }
}
