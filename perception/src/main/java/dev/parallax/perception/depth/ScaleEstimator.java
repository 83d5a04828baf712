package dev.parallax.perception.depth;

import dev.parallax.perception.frame.GroundPlane;
import java.util.OptionalDouble;

/**
 * Holds the unit of length to metres from the camera's known height over the fitted ground. The
 * first sure sight of the ground sets the scale, later ones correct it slowly. Agent thread only.
 */
public final class ScaleEstimator extends LogScaleBelief {
  /** A first sight less sure than this is not taken. */
  private static final double MAX_FIRST_STD = 0.1;

  /** The first depths are the least tested: what their scale may be off beyond what they say. */
  private static final double FIRST_STD = 0.05;

  /** How far the height itself wanders: a suspension, a ramp, a stride. */
  private static final double MOUNTING_STD = 0.02;

  private final double cameraHeightM;

  /**
   * @param cameraHeightM height of the camera over the ground, metres
   * @throws IllegalArgumentException if it is not positive
   */
  public ScaleEstimator(double cameraHeightM) {
    if (!(cameraHeightM > 0)) {
      throw new IllegalArgumentException("Camera height must be positive, got " + cameraHeightM);
    }
    this.cameraHeightM = cameraHeightM;
  }

  /**
   * Learns from one sight of the ground.
   *
   * @param ground measured in the unit of length as it stands
   * @return what all lengths are to be multiplied by; empty if they stay. {@link #rescale} is to be
   *     told what became of them
   */
  public OptionalDouble observe(GroundPlane ground) {
    double logScale = Math.log(cameraHeightM / ground.height());
    double measured = ground.relativeStd() * ground.relativeStd() + MOUNTING_STD * MOUNTING_STD;
    if (isKnown()) {
      return follow(logScale, measured);
    }
    return ground.relativeStd() > MAX_FIRST_STD
        ? OptionalDouble.empty()
        : begin(logScale, measured + FIRST_STD * FIRST_STD);
  }
}
