package dev.parallax.nodes.kafka;

import dev.parallax.nodes.runtime.TestFrames;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.CameraMotion;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.PoseEstimate;
import dev.parallax.perception.frame.ScaleFigures;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.frame.TrackingFigures;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.mapping.VoxelBlockMap;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FrameOutcome.Skipped;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.SessionState;
import dev.parallax.perception.pipeline.StageTimings;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Moves one metre a frame whatever it sees, so that a pose tells how many frames the session has
 * worked on, each exactly once; writes a block of map a frame and forgets the one before last.
 */
final class CountingPipeline implements PerceptionPipeline {
  static final double VOXEL_M = 0.1;

  private static final CameraMotion METRE =
      new CameraMotion(Se3.ofTranslation(1, 0, 0), 0.1, new double[36]);

  private final long workMs;
  private final VoxelBlockMap map = new VoxelBlockMap(VOXEL_M);
  private int frames;
  private boolean resumed;
  private @Nullable CameraFrame last;
  private @Nullable Timestamp lastStamp;

  CountingPipeline(long workMs) {
    this.workMs = workMs;
  }

  @Override
  public FrameOutcome process(CameraFrame frame) {
    try {
      Thread.sleep(workMs);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (lastStamp != null && !frame.stamp().isAfter(lastStamp)) {
      return new Skipped(
          frame.id(), frame.stamp(), Skipped.Reason.OUT_OF_ORDER, "", StageTimings.none());
    }
    last = frame;
    lastStamp = frame.stamp();
    frames++;
    OccupancyDelta delta = delta();
    map.apply(delta);
    Estimated e = TestFrames.estimated(new SourceItem.Frame(frame), 2 + frames % 5, delta);
    PoseEstimate pose =
        new PoseEstimate(
            frame.stamp(),
            Se3.ofTranslation(frames, 0, 0),
            new double[36],
            resumed || frames == 1 ? Optional.empty() : Optional.of(METRE),
            0.9,
            e.pose().state(),
            e.pose().scale(),
            ScaleFigures.none(),
            TrackingFigures.none());
    resumed = false;
    return new Estimated(
        e.id(),
        e.stamp(),
        e.camera(),
        e.depthCamera(),
        e.rectified(),
        pose,
        e.depth(),
        e.sceneFlow(),
        e.movingMask(),
        delta,
        e.timings());
  }

  private OccupancyDelta delta() {
    byte[] row = new byte[VoxelBlockMap.BLOCK_VOXELS];
    Arrays.fill(row, (byte) (frames % 100));
    long here = VoxelBlockMap.key(frames, 0, -1);
    return frames < 3
        ? new OccupancyDelta(VOXEL_M, new long[] {here}, new byte[][] {row})
        : new OccupancyDelta(
            VOXEL_M,
            new long[] {here, VoxelBlockMap.key(frames - 2, 0, -1)},
            new byte[][] {row, new byte[0]});
  }

  VoxelBlockMap map() {
    return map;
  }

  @Override
  public Optional<SessionState> snapshot() {
    CameraFrame frame = last;
    if (frame == null) {
      return Optional.empty();
    }
    Picture grey = new Picture(8, 6, Picture.Format.MONO8, new byte[48]);
    DepthMap belief = new DepthMap(4, 3, new float[12], new float[12]);
    return Optional.of(
        new SessionState(
            frame.calibration(),
            frame.stamp(),
            Se3.ofTranslation(frames, 0, 0),
            Double.NaN,
            new SessionState.View(grey, belief, Double.NaN)));
  }

  @Override
  public void resume(SessionState state) {
    frames = (int) Math.round(state.T_odom_cam().tx());
    lastStamp = state.stamp();
    resumed = true;
  }

  @Override
  public void restoreMap(OccupancyDelta whole) {
    map.apply(whole);
  }

  @Override
  public void close() {}
}
