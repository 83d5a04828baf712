package dev.parallax.sim.scene;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FlowField;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.sim.eval.GroundTruth;
import dev.parallax.sim.eval.StampedPose;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The truth of a simulated sequence on the grid of its rectified camera, computed when asked for;
 * the last frame asked for is kept. One thread at a time.
 */
public final class SimulatedGroundTruth implements GroundTruth, AutoCloseable {
  private final SimulatedSequence sequence;
  private final PinholeCamera camera;
  private final Renderer renderer;
  private int cachedIndex = -1;
  private @Nullable SceneTruth cached;

  public SimulatedGroundTruth(SimulatedSequence sequence) {
    this.sequence = sequence;
    camera = sequence.config().camera().rectified();
    renderer = new Renderer(camera, sequence.config().threads());
  }

  @Override
  public PinholeCamera camera() {
    return camera;
  }

  @Override
  public List<StampedPose> poses() {
    return IntStream.range(0, sequence.frameCount()).mapToObj(sequence::pose).toList();
  }

  @Override
  public List<Timestamp> frameStamps() {
    return IntStream.range(0, sequence.frameCount()).mapToObj(sequence::stamp).toList();
  }

  @Override
  public @Nullable DepthMap depth(Timestamp stamp) {
    SceneTruth truth = at(stamp);
    return truth == null ? null : truth.depth();
  }

  /** Null for the first picture, which has none before it. */
  @Override
  public @Nullable FlowField backwardFlow(Timestamp stamp) {
    SceneTruth truth = at(stamp);
    return truth == null || cachedIndex == 0 ? null : truth.backwardFlow();
  }

  @Override
  public @Nullable SceneFlowField sceneFlow(Timestamp stamp) {
    SceneTruth truth = at(stamp);
    return truth == null ? null : truth.sceneFlow();
  }

  @Override
  public @Nullable MovingMask movingMask(Timestamp stamp) {
    SceneTruth truth = at(stamp);
    return truth == null ? null : truth.movingMask();
  }

  /** The truth at exactly this stamp; null if no picture has it. */
  private @Nullable SceneTruth at(Timestamp stamp) {
    double elapsedS = (stamp.nanos() - SimulatedSequence.START_NS) / 1e9;
    long index = Math.round(elapsedS * sequence.config().fps());
    if (index < 0 || index >= sequence.frameCount() || !sequence.stamp((int) index).equals(stamp)) {
      return null;
    }
    if (cached == null || index != cachedIndex) {
      cached = sequence.truth((int) index, renderer);
      cachedIndex = (int) index;
    }
    return cached;
  }

  @Override
  public void close() {
    renderer.close();
  }
}
