package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.odometry.Odometry;
import dev.parallax.perception.prior.BackgroundPrior;
import dev.parallax.perception.prior.FirstDepth;
import dev.parallax.perception.prior.PriorDepth;
import dev.parallax.perception.prior.PriorException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a network sees in the picture that depth is to begin with, so that the camera need not wait
 * for parallax. Agent thread only.
 */
final class FirstLook {
  /** A way by which depth was measured, over the picture's width: one that makes a keyframe. */
  private static final double MEASURING_PARALLAX = 0.04;

  private final BackgroundPrior network;
  private final PinholeCamera camera;
  private final PinholeCamera depthCamera;
  private final boolean isInMetres;
  private final Consumer<Notice> notices;
  private BackgroundPrior.@Nullable Question asked;
  private @Nullable Timestamp stamp; // of the picture asked about
  private @Nullable PriorDepth seen;
  private boolean isGivenUp;
  private boolean isBelieved;
  private boolean isTold;

  /**
   * @param network not closed by this
   * @param camera whose pictures it sees
   * @param depthCamera the camera whose pixels depth lies on
   * @param isInMetres whether depth begins in the network's own metres
   */
  FirstLook(
      BackgroundPrior network,
      PinholeCamera camera,
      PinholeCamera depthCamera,
      boolean isInMetres,
      Consumer<Notice> notices) {
    this.network = network;
    this.camera = camera;
    this.depthCamera = depthCamera;
    this.isInMetres = isInMetres;
    this.notices = notices;
    network.unsuited(camera).ifPresent(this::giveUp);
  }

  private void giveUp(String why) {
    isGivenUp = true;
    notices.accept(Notice.warning(why + ": depth begins when the camera has moved far enough"));
  }

  /** Begins to look at the picture that depth is to begin with. */
  void begin(Picture rectified, Timestamp taken) {
    seen = null;
    isBelieved = false;
    stamp = taken;
    asked = isGivenUp ? null : network.begin(rectified, camera);
  }

  /** Whether the network still looks: to ask it for anything else would give this up. */
  boolean isLooking() {
    return asked != null && !asked.isOver() && !asked.isReady();
  }

  /** What it saw; null while it looks, and where nothing came of it. */
  @Nullable PriorDepth seen() {
    if (asked != null && asked.isReady()) {
      try {
        seen = asked.take();
      } catch (PriorException e) {
        giveUp("%s failed (%s)".formatted(network.name(), e.getMessage()));
      }
      asked = null;
    }
    return seen;
  }

  /** Lets odometry hear what lies nearer than what in that picture, once that is there. */
  void tell(Odometry odometry) {
    PriorDepth answer = seen();
    if (answer != null && stamp != null) {
      odometry.hear(stamp, (u, v) -> answer.inverseDepthAt(u, v, camera));
    }
  }

  /**
   * Depth to begin with, once it is there.
   *
   * @param taken the picture that is in question
   * @param typicalDepth of what is seen, in the unit that holds
   * @return {@code [h w]} of that picture
   */
  Optional<DepthMap> depth(Timestamp taken, double typicalDepth) {
    PriorDepth answer = taken.equals(stamp) ? seen() : null;
    Optional<DepthMap> depth =
        answer == null
            ? Optional.empty()
            : FirstDepth.of(answer, depthCamera, isInMetres ? Double.NaN : typicalDepth);
    depth.ifPresent(this::tell);
    isBelieved = depth.isPresent();
    return depth;
  }

  /**
   * Whether depth is still little more than this guess, in which whole surfaces are off alike: the
   * camera may have turned since, but has not moved far.
   */
  boolean isBelieved() {
    return isBelieved;
  }

  /**
   * A keyframe was made.
   *
   * @param parallaxShare since the last one; NaN where that is not known
   */
  void keyframe(double parallaxShare) {
    isBelieved &= !(parallaxShare >= MEASURING_PARALLAX);
  }

  private void tell(DepthMap depth) {
    if (isTold) {
      return;
    }
    isTold = true;
    double[] relativeStds = new double[depth.depthM().length];
    int n = 0;
    for (int i = 0; i < relativeStds.length; i++) {
      double relativeStd = depth.stdM()[i] / depth.depthM()[i];
      if (relativeStd > 0) {
        relativeStds[n++] = relativeStd;
      }
    }
    notices.accept(
        Notice.info(
            String.format(
                Locale.ROOT,
                "Depth begins with what %s makes of one picture (%.0f %% of it, std %.0f %%)",
                network.name(),
                100.0 * n / relativeStds.length,
                100 * OrderStatistic.median(relativeStds, n))));
  }

  /**
   * Depth of a picture taken a little later, before there is parallax to speak of.
   *
   * @param first {@code [h w]} of the picture begun with
   * @param toFirst {@code [h w 2]} flow from the later picture to it, grid pixels
   */
  static DepthMap moved(DepthMap first, float[] toFirst) {
    float[] depth = new float[first.depthM().length];
    float[] std = new float[depth.length];
    Arrays.fill(depth, Float.NaN);
    Arrays.fill(std, Float.NaN);
    for (int i = 0; i < depth.length; i++) {
      float u = i % first.width() + toFirst[2 * i];
      float v = (float) (i / first.width()) + toFirst[2 * i + 1];
      int x = Math.round(u);
      int y = Math.round(v);
      boolean isInside = x >= 0 && y >= 0 && x < first.width() && y < first.height();
      if (isInside && !Float.isNaN(u) && !Float.isNaN(v)) {
        depth[i] = first.depthM()[y * first.width() + x];
        std[i] = first.stdM()[y * first.width() + x];
      }
    }
    return new DepthMap(first.width(), first.height(), depth, std);
  }
}
