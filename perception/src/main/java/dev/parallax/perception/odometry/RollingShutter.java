package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How the camera moves while a picture is read out row by row. A pose is that of the middle row;
 * the row at v is read {@link #rowS} later, and sees what the camera's twist has made of the scene
 * until then. With a readout of 0 all rows are of one time (a global shutter).
 *
 * <p>The twist is the mean over the last two intervals: of one alone its noise would come back
 * through the next pose. Agent thread only.
 */
final class RollingShutter {
  private final PinholeCamera camera;
  private double readoutS;
  private Se3 T_prev_odom = Se3.identity();
  private double intervalS;
  private double @Nullable [] before;
  private double[] latest = new double[6];

  RollingShutter(PinholeCamera camera) {
    this.camera = camera;
  }

  /** From the first row to the last, seconds; negative where the last row is read first. */
  double readoutS() {
    return readoutS;
  }

  void setReadoutS(double newReadoutS) {
    readoutS = newReadoutS;
  }

  /** Where a row lies between the first, -0.5, and the last, 0.5. */
  double rowShare(double v) {
    return (v + 0.5) / camera.height() - 0.5;
  }

  /** When a row is read, seconds after the middle one. */
  double rowS(double v) {
    return readoutS * rowShare(v);
  }

  /** The camera's motion is not known from here on until two pictures have been followed. */
  void forget() {
    intervalS = 0;
    before = null;
    latest = new double[6];
  }

  /** A picture is to be looked for that comes an interval after the one of a known pose. */
  void begin(Se3 newT_prev_odom, double newIntervalS) {
    T_prev_odom = newT_prev_odom;
    intervalS = newIntervalS;
  }

  /**
   * The twist of the present picture if its pose were this.
   *
   * @param out receives {@code [6]} translation and rotation a second, so that a point p of the
   *     camera becomes p + s (w x p + v)
   */
  void twist(Se3 T_cam_odom, double[] out) {
    if (!(intervalS > 0)) {
      Arrays.fill(out, 0);
      return;
    }
    double[] motion = T_cam_odom.times(T_prev_odom.inverse()).log();
    for (int k = 0; k < 6; k++) {
      double now = motion[k] / intervalS;
      out[k] = before == null ? now : 0.5 * (now + before[k]);
    }
  }

  /**
   * The present picture has its pose.
   *
   * @return whether this is the first twist that is known
   */
  boolean end(Se3 T_cam_odom) {
    boolean first = before == null;
    latest = new double[6];
    twist(T_cam_odom, latest);
    double[] now = new double[6];
    before = null;
    twist(T_cam_odom, now);
    before = now;
    return first;
  }

  /** {@code [6]} of the present picture; not to be changed. */
  double[] latest() {
    return latest;
  }

  /** The unit of length has changed. */
  void rescale(double factor) {
    latest = rescaled(latest, factor);
    before = before == null ? null : rescaled(before, factor);
  }

  static double[] rescaled(double[] twist, double factor) {
    double[] result = twist.clone();
    for (int k = 0; k < 3; k++) {
      result[k] *= factor;
    }
    return result;
  }
}
