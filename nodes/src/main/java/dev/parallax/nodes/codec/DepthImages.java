package dev.parallax.nodes.codec;

import dev.parallax.perception.frame.DepthMap;
import java.util.Arrays;

/** Depth stored as 16-bit whole numbers, in metres. Stateless. */
public final class DepthImages {
  /** What a sensor stores beyond its range. */
  private static final int SATURATED = 65535;

  private DepthImages() {}

  /**
   * Depth in metres; 0 and 65535 are unknown (NaN). The standard deviation is unknown (NaN).
   *
   * @param unitsPerM stored values to a metre: 1000 by ROS's convention (REP 118), 5000 for TUM
   * @throws IllegalArgumentException if the image has more than one channel or the unit is not
   *     positive
   */
  public static DepthMap metres(Image16 image, double unitsPerM) {
    if (image.channels() != 1 || !(unitsPerM > 0)) {
      throw new IllegalArgumentException(
          "Depth needs 1 channel and a positive unit, got %d and %s"
              .formatted(image.channels(), unitsPerM));
    }
    float[] depthM = new float[image.data().length];
    for (int i = 0; i < depthM.length; i++) {
      int value = image.unsigned(i);
      depthM[i] = value == 0 || value == SATURATED ? Float.NaN : (float) (value / unitsPerM);
    }
    return withUnknownStd(image.width(), image.height(), depthM);
  }

  /** Depth whose uncertainty nobody stated. */
  static DepthMap withUnknownStd(int width, int height, float[] depthM) {
    float[] stdM = new float[depthM.length];
    Arrays.fill(stdM, Float.NaN);
    return new DepthMap(width, height, depthM, stdM);
  }
}
