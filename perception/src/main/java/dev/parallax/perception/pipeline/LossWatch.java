package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.Timestamp;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How long a camera has been lost and when the search for it ends. Agent thread only. */
final class LossWatch {
  private static final double GIVE_UP_AFTER_S = 1.5;

  private final Consumer<Notice> notices;
  private @Nullable Timestamp lostSince;
  private @Nullable Timestamp searchingSince;

  LossWatch(Consumer<Notice> notices) {
    this.notices = notices;
  }

  void lost(Timestamp stamp, String reason) {
    if (lostSince == null) {
      lostSince = stamp;
      notices.accept(Notice.warning("Lost at %s s: %s".formatted(stamp, reason)));
    }
  }

  /** In the dark there is nothing to search: that time does not count. */
  void dark() {
    searchingSince = null;
  }

  void found(Timestamp stamp) {
    notices.accept(Notice.info("Found again at %s s".formatted(stamp)));
    forget();
  }

  /** Call for each picture that was searched in vain; true once that has lasted too long. */
  boolean givesUp(Timestamp stamp) {
    if (searchingSince == null) {
      searchingSince = stamp;
    }
    if (stamp.secondsSince(searchingSince) <= GIVE_UP_AFTER_S) {
      return false;
    }
    notices.accept(
        Notice.warning(
            ("Not found again in %.1f s of pictures: a new odom segment begins at %s s, its scale"
                    + " is not the old one's")
                .formatted(GIVE_UP_AFTER_S, stamp)));
    return true;
  }

  void forget() {
    lostSince = null;
    searchingSince = null;
  }
}
