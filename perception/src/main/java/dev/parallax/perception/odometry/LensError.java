package dev.parallax.perception.odometry;

/**
 * What the pictures say that a calibration is off by: the logarithm of the focal length, and the
 * first radial coefficient k1 (Brown 1966), of which there is so much more than it says. Each with
 * one standard deviation; 0 with a std of 0 where it is taken to be as the calibration says, since
 * the other suffices to explain the pictures.
 *
 * @param sigmas how far it is from none, in standard deviations
 * @param windows of keyframes that were looked at
 */
public record LensError(
    double logFocal, double logFocalStd, double k1, double k1Std, double sigmas, int windows) {
  public boolean isFocalOff() {
    return logFocal != 0;
  }

  public boolean isBent() {
    return k1 != 0;
  }
}
