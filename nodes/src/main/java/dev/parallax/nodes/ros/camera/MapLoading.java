package dev.parallax.nodes.ros.camera;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.mapping.MapTransform;
import dev.parallax.perception.mapping.VoxelBlockMap;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts a loaded map in the place of a pipeline's own, with the next frame that has a pose in
 * metres; that frame's outcome then has the whole map, so that whoever follows the outcomes follows
 * this too. One thread, but for the map to be loaded.
 */
final class MapLoading implements PerceptionPipeline {
  private final PerceptionPipeline pipeline;
  private final AtomicReference<@Nullable VoxelBlockMap> wanted;
  private final Function<Estimated, Se3> T_robotMap_start;
  private final Consumer<Notice> notices;
  private final Set<Long> blocks = new TreeSet<>();

  /**
   * @param wanted taken from here; in the robot's map
   * @param T_robotMap_start where the pipeline's own origin lies in the robot's map
   */
  MapLoading(
      PerceptionPipeline pipeline,
      AtomicReference<@Nullable VoxelBlockMap> wanted,
      Function<Estimated, Se3> T_robotMap_start,
      Consumer<Notice> notices) {
    this.pipeline = pipeline;
    this.wanted = wanted;
    this.T_robotMap_start = T_robotMap_start;
    this.notices = notices;
  }

  @Override
  public FrameOutcome process(CameraFrame frame) {
    FrameOutcome outcome = pipeline.process(frame);
    if (!(outcome instanceof Estimated estimated)) {
      return outcome;
    }
    note(estimated.map());
    VoxelBlockMap loaded = estimated.pose().scale().isMetric() ? wanted.getAndSet(null) : null;
    return loaded == null ? outcome : replaceMap(estimated, loaded);
  }

  @Override
  public void expect(CameraFrame next) {
    pipeline.expect(next);
  }

  private void note(OccupancyDelta delta) {
    for (int i = 0; i < delta.blockKeys().length; i++) {
      if (delta.logOdds()[i].length == 0) {
        blocks.remove(delta.blockKeys()[i]);
      } else {
        blocks.add(delta.blockKeys()[i]);
      }
    }
  }

  private FrameOutcome replaceMap(Estimated frame, VoxelBlockMap loaded) {
    Se3 T_start_robotMap = T_robotMap_start.apply(frame).inverse();
    OccupancyDelta whole =
        MapTransform.of(loaded, T_start_robotMap, frame.map().voxelSizeM()).snapshot();
    pipeline.restoreMap(whole);
    TreeMap<Long, byte[]> changes = new TreeMap<>();
    blocks.forEach(key -> changes.put(key, new byte[0]));
    for (int i = 0; i < whole.blockKeys().length; i++) {
      changes.put(whole.blockKeys()[i], whole.logOdds()[i]);
    }
    OccupancyDelta delta =
        new OccupancyDelta(
            whole.voxelSizeM(),
            changes.keySet().stream().mapToLong(Long::longValue).toArray(),
            changes.values().toArray(byte[][]::new));
    note(delta);
    notices.accept(
        Notice.info("the map loaded is in use, %d blocks".formatted(whole.blockKeys().length)));
    return new Estimated(
        frame.id(),
        frame.stamp(),
        frame.camera(),
        frame.depthCamera(),
        frame.rectified(),
        frame.pose(),
        frame.depth(),
        frame.sceneFlow(),
        frame.movingMask(),
        delta,
        frame.T_map_odom(),
        frame.timings());
  }

  @Override
  public void close() {
    pipeline.close();
  }
}
