package dev.parallax.perception.odometry;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import org.jspecify.annotations.Nullable;

/**
 * How well the camera's way is seen: how long ago the picture is that the pose is of, whether
 * pictures are missing, how many points were known again, and how far the camera may have moved
 * unseen. Agent thread only.
 */
final class Sight {
  /**
   * Dense flow bends any picture into any other, and Lucas-Kanade finds some patch wherever it
   * looks. After a cut 2 patches in 100 are alike by chance; 15 are where motion blurs nearly all.
   */
  private static final double MIN_RECOGNISED_SHARE = 0.05;

  /** With fewer the pose is unsure; after a gap they are no reason to believe in it. */
  private static final double SURE_RECOGNISED_SHARE = 0.3;

  /** Likewise before there is depth: then any motion is explained by some depth. */
  private static final double SURE_RECOGNISED_SHARE_BLIND = 0.6;

  private final FrameInterval interval = new FrameInterval();
  private final UnseenMotion unseen = new UnseenMotion();
  private @Nullable Timestamp poseStamp; // of the picture that the pose is of
  private boolean isAfterGap;
  private double recognisedShare = 1;

  /**
   * A picture comes so long after the one before.
   *
   * @param isTurnMeasured whether a gyroscope that is believed bridges the time
   */
  void next(double intervalS, boolean isTurnMeasured) {
    isAfterGap = interval.isGap(intervalS) && !isTurnMeasured;
  }

  /** Whether much more time passed before the last picture than usually does, and unseen. */
  boolean isAfterGap() {
    return isAfterGap;
  }

  /** Whether enough of the points were known again for a pose to be found by them. */
  boolean suffices(double newRecognisedShare, boolean isDepthKnown) {
    recognisedShare = newRecognisedShare;
    double sure = isDepthKnown ? SURE_RECOGNISED_SHARE : SURE_RECOGNISED_SHARE_BLIND;
    return recognisedShare >= (isAfterGap ? sure : MIN_RECOGNISED_SHARE);
  }

  /** What the share of points that agree is worth, 0..1, by how many were known again. */
  double worth() {
    return Math.min(1, recognisedShare / SURE_RECOGNISED_SHARE);
  }

  /** A motion was seen. */
  void seen(Timestamp stamp, Se3 T_cur_prev, double intervalS) {
    poseStamp = stamp;
    unseen.seen(T_cur_prev, intervalS);
  }

  /** The pose is that of a picture taken then, all points left in it known. */
  void is(Timestamp stamp) {
    poseStamp = stamp;
    recognisedShare = 1;
  }

  /** Since the picture that the pose is of, seconds; NaN before the first. */
  double unseenS(Timestamp now) {
    return poseStamp == null ? Double.NaN : now.secondsSince(poseStamp);
  }

  /** How far the camera may have moved in so long a time. */
  UnseenMotion unseen() {
    return unseen;
  }
}
