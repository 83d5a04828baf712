package dev.parallax.nodes.cli;

import dev.parallax.nodes.runtime.OutcomeSink;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FlowField;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.sim.eval.Estimates;
import dev.parallax.sim.eval.StampedPose;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every pose of a run and, of a few frames spread over it, depth, scene flow and mask: enough
 * to judge it without files. Read it only once the run has ended.
 */
final class SampledRun implements OutcomeSink, Estimates {
  private static final int FRAMES_SAMPLED = 24;

  private final long sampleEvery;
  private final List<StampedPose> poses = new ArrayList<>();
  private final List<Timestamp> given = new ArrayList<>();
  private final Map<Timestamp, Estimated> sampled = new LinkedHashMap<>();
  private long due;
  private @Nullable Estimated last;

  /**
   * @param frames how many there will be
   */
  SampledRun(long frames) {
    sampleEvery = Math.max(1, frames / FRAMES_SAMPLED);
  }

  @Override
  public String name() {
    return "summary";
  }

  @Override
  public void accept(SourceItem item, FrameOutcome outcome) {
    given.add(outcome.stamp());
    if (outcome instanceof Estimated estimated) {
      poses.add(new StampedPose(estimated.stamp(), estimated.pose().T_odom_cam()));
      last = estimated;
      // By sequence, so that frames dropped or lost move the samples and do not thin them out.
      if (estimated.id().sequence() >= due) {
        sampled.put(estimated.stamp(), estimated);
        due = estimated.id().sequence() + sampleEvery;
      }
    }
  }

  @Override
  public void accept(Notice notice) {}

  @Override
  public void close() {}

  @Override
  public List<StampedPose> poses() {
    return poses;
  }

  @Override
  public List<Timestamp> framesGiven() {
    return given;
  }

  @Override
  public boolean isMetric() {
    return last != null && last.pose().scale().isMetric();
  }

  @Override
  public List<Timestamp> depthStamps() {
    return List.copyOf(sampled.keySet());
  }

  @Override
  public @Nullable PinholeCamera depthCamera() {
    return last == null ? null : last.depthCamera();
  }

  @Override
  public @Nullable DepthMap depth(Timestamp stamp) {
    Estimated frame = sampled.get(stamp);
    return frame == null ? null : frame.depth();
  }

  @Override
  public @Nullable FlowField backwardFlow(Timestamp stamp) {
    return null; // an outcome does not carry it
  }

  @Override
  public @Nullable SceneFlowField sceneFlow(Timestamp stamp) {
    Estimated frame = sampled.get(stamp);
    return frame == null ? null : frame.sceneFlow();
  }

  @Override
  public @Nullable MovingMask movingMask(Timestamp stamp) {
    Estimated frame = sampled.get(stamp);
    return frame == null ? null : frame.movingMask();
  }
}
