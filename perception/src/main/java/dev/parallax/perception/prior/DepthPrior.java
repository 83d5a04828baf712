package dev.parallax.perception.prior;

import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.PinholeCamera;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Depth of single pictures, learned elsewhere. One caller at a time; owns its network. */
public interface DepthPrior extends AutoCloseable {
  /** For messages. */
  String name();

  /** What runs it, on what device and why, for messages. */
  String engine();

  /**
   * Why pictures of a camera are too far from what the network has learned to be given to it, in
   * words; empty where nothing speaks against it.
   */
  default Optional<String> unsuited(PinholeCamera camera) {
    return Optional.empty();
  }

  /**
   * How far its metres may be off in a place that it does not know, one standard deviation over
   * them; empty where it tells no metres.
   */
  default OptionalDouble metricRelativeStd() {
    return OptionalDouble.empty();
  }

  /**
   * @param rectified a picture without distortion, of {@code camera}
   * @param knownInverseDepth {@code [height width]} of the picture, 1/m where known and 0
   *     elsewhere, in the unit that the network itself predicts; null where nothing is known. A
   *     network that takes none ignores it.
   * @throws PriorException if the network fails or answers with something that is no depth
   */
  PriorDepth estimate(Picture rectified, PinholeCamera camera, float @Nullable [] knownInverseDepth)
      throws PriorException;

  @Override
  void close();
}
