package dev.parallax.perception.depth;

import dev.parallax.perception.geometry.StdInflation;

/**
 * By how much the std of depth is to be multiplied, learnt while running and without any truth:
 * what flow has across the epipolar line no depth explains, so it shows how large the errors of
 * flow, pose and calibration together are beside what the picture's texture promises.
 */
final class FlowErrorScale {
  /**
   * Along the line, where flow follows what it sees at other depths, it is off by more. What the
   * surfaces around and the patches themselves tell of that comes on top when depth is published.
   */
  private static final double ALONG_OVER_ACROSS = 1.4;

  /** Fewer pixels than this tell nothing of a picture. */
  private static final int MIN_PIXELS = 200;

  /** Every so manieth pixel is looked at: neighbours err alike. */
  private static final int STEP = 7;

  /** Pictures that the mean goes back. */
  private static final int MEMORY = 10;

  private final double[] sample;
  private final StdInflation inflation = new StdInflation(MIN_PIXELS, MEMORY);

  /**
   * @param pixels of the grid
   */
  FlowErrorScale(int pixels) {
    sample = new double[pixels / STEP + 1];
  }

  /**
   * Learns from a picture.
   *
   * @param across {@code [h w]} flow's error across the epipolar line in promised stds, NaN where
   *     there is none
   */
  void learn(float[] across) {
    int n = 0;
    for (int i = 0; i < across.length; i += STEP) {
      if (!Float.isNaN(across[i])) {
        sample[n++] = across[i];
      }
    }
    inflation.learn(sample, n);
  }

  /** What to multiply the std of depth by; that of an error as promised before any picture. */
  double factor() {
    return ALONG_OVER_ACROSS * inflation.factor();
  }
}
