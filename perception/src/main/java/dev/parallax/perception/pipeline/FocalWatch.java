package dev.parallax.perception.pipeline;

import dev.parallax.perception.concurrent.BackgroundJob;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.odometry.FocalSweep;
import dev.parallax.perception.odometry.FocalViews;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the focal length of a camera whose calibration is only assumed, beside the frames: what
 * a window of keyframes says is taken at the next keyframe. Agent thread only.
 */
final class FocalWatch implements AutoCloseable {
  /** Keyframes from one window to the next, so that they share few views. */
  private static final int KEYFRAMES_APART = 4;

  /** Windows after which a person is told that it cannot be told. */
  private static final int PATIENCE_WINDOWS = 12;

  /** What an unknown lens, which bends the picture, adds to the std that the pictures tell. */
  static final double LENS_STD = 0.03;

  private final PinholeCamera assumed;
  private final FocalSweep sweep = new FocalSweep();
  private final BackgroundJob<FocalSweep> job = new BackgroundJob<>("parallax-focal");
  private final Consumer<Notice> notices;
  private int keyframes;
  private boolean told;

  FocalWatch(PinholeCamera assumed, Consumer<Notice> notices) {
    this.assumed = assumed;
    this.notices = notices;
  }

  /**
   * A keyframe was added.
   *
   * @param views what the keyframes saw; asked for when it is wanted
   * @return the camera with the focal length found, once it can be told
   */
  @Nullable CameraCalibration look(Supplier<Optional<FocalViews>> views) {
    CameraCalibration found = job.isPending() ? answer(job.take()) : null;
    if (++keyframes % KEYFRAMES_APART == 0 && found == null) {
      views.get().ifPresent(seen -> job.begin(() -> sweep.add(seen)));
    }
    return found;
  }

  private @Nullable CameraCalibration answer(FocalSweep swept) {
    double side = Math.sqrt((double) assumed.width() * assumed.height());
    Optional<FocalSweep.Found> found = swept.found(side);
    if (found.isEmpty()) {
      tellPatience();
      return null;
    }
    double f = found.get().focalPx();
    double std = Math.hypot(found.get().relativeStd(), LENS_STD);
    notices.accept(
        Notice.info(
            ("Focal length estimated from the pictures: %.0f px (std %.1f %% for an unknown lens, assumed was %.0f px);"
                    + " depth is learnt anew with it")
                .formatted(f, 100 * std, assumed.fx())));
    return new CameraCalibration(
        new PinholeCamera(assumed.width(), assumed.height(), f, f, assumed.cx(), assumed.cy()),
        CameraCalibration.Origin.ESTIMATED);
  }

  private void tellPatience() {
    if (!told && sweep.windows() == PATIENCE_WINDOWS) {
      told = true;
      notices.accept(
          Notice.warning(
              "The focal length cannot be told from these pictures so far and stays assumed: a"
                  + " camera that moves straight ahead tells nothing of it; turn it, or give"
                  + " --camera camera.yaml"));
    }
  }

  @Override
  public void close() {
    job.close();
  }
}
