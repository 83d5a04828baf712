package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.odometry.Odometry;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One source of the metric scale. It follows the frames by itself and says what it takes the unit
 * of length for; who listens decides what becomes of the unit and tells it ({@link #corrected}).
 * Agent thread only.
 */
sealed interface ScaleProposer permits LearningProposer, SensorDepthProposer {
  /**
   * What a source believes.
   *
   * @param factor metres in the unit of length as it stands: what all lengths are to be multiplied
   *     by
   * @param std one standard deviation of that over itself, but for what the sensor's own scale may
   *     be off
   */
  record Proposal(double factor, double std) {}

  /**
   * What became of the unit of length.
   *
   * @param factor what all lengths were multiplied by
   * @param from_odom {@code [3]} the point of odom that they were multiplied from
   * @param to_odom {@code [3]} where that point is now
   * @param path_odom {@code [3]} the point of the published path that stays
   * @param camera the camera as it is now
   */
  record Correction(
      double factor,
      double[] from_odom,
      double[] to_odom,
      double[] path_odom,
      Odometry.Track camera) {}

  ScaleSource source();

  /** What is awaited, for "relative until ...". */
  String awaited();

  /**
   * How the source is announced: who, and how surely.
   *
   * @param std of the scale that is announced
   */
  String announced(double std);

  /** How far the sensor's own scale may be off, one standard deviation over it. */
  double ownStd();

  /** Empty while the source tells nothing. */
  Optional<Proposal> proposal();

  /**
   * {@code [3]} where in odom the way begins that the source first told the length of; empty where
   * that is the first frame since a gap.
   */
  default Optional<double[]> begun_odom() {
    return Optional.empty();
  }

  /** A frame that does not follow on the one before. */
  default void begin(Odometry.Track track, CameraFrame frame) {}

  /**
   * Learns from a frame that follows on the one before.
   *
   * @return whether the proposal is a new one
   */
  boolean learn(Odometry.Track track, CameraFrame frame);

  /** What lengths might be multiplied by to come near the metre; nothing is told by it. */
  default OptionalDouble guess(Odometry.Track track, CameraFrame frame) {
    return OptionalDouble.empty();
  }

  /**
   * What the step since the last frame is to be multiplied by for this source's own metres, where
   * the frame last learnt from told that.
   */
  default OptionalDouble stepFactor() {
    return OptionalDouble.empty();
  }

  /** Lengths were multiplied, by this source's word or another's. */
  default void corrected(Correction correction, CameraFrame frame) {}

  /** Goes on with lengths that are already metres, to so much. */
  void resume(double scaleStd);

  /** The unit of length is unknown again. */
  void forget();

  /** What a person should know of a source that tells nothing, or nothing that fits; each once. */
  default Optional<Notice> complaint() {
    return Optional.empty();
  }
}
