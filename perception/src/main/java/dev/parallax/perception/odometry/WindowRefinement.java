package dev.parallax.perception.odometry;

import dev.parallax.perception.concurrent.BackgroundJob;
import dev.parallax.perception.geometry.PinholeCamera;

/**
 * Refines the window of keyframes beside the frames: what is begun on the agent thread is taken
 * over on it, when the agent asks, so that a run can be repeated to the bit.
 */
final class WindowRefinement implements AutoCloseable {
  private final LocalBundleAdjustment adjustment;
  private final BackgroundJob<LocalBundleAdjustment> job = new BackgroundJob<>("parallax-window");

  /**
   * @param past what keyframes that have left say about those of the window; only read
   */
  WindowRefinement(PinholeCamera camera, RollingShutter shutter, WindowPrior past, int capacity) {
    adjustment = new LocalBundleAdjustment(camera, shutter, past, capacity);
  }

  /**
   * Begins. Until {@link #finish} window and points must not be changed.
   *
   * @param measured where it answers, a depth does not come from the pictures
   * @param isDepthKnown whether depths are more than one flat guess
   */
  void begin(KeyframeWindow window, PointTracks points, DepthHint measured, boolean isDepthKnown) {
    adjustment.begin(window, points, measured, isDepthKnown);
    job.begin(() -> adjustment.refine(points));
  }

  /**
   * Waits for what was begun and takes it over.
   *
   * @return whether anything was
   */
  boolean finish(KeyframeWindow window, PointTracks points) {
    if (!job.isPending()) {
      return false;
    }
    job.take().finish(window, points);
    return true;
  }

  /** How exactly the last window's points were seen, one standard deviation of a coordinate. */
  double noisePx() {
    return adjustment.noisePx();
  }

  /** From a picture's first row to its last, mean over the last windows, seconds; NaN before. */
  double meanReadoutS() {
    return adjustment.meanReadoutS();
  }

  /** Takes a readout for learnt, if it is a number. */
  void knowReadout(double readoutS) {
    adjustment.knowReadout(readoutS);
  }

  @Override
  public void close() {
    job.close();
  }
}
