package dev.parallax.nodes.ros.camera;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import java.util.function.Supplier;

/**
 * Lets odom be as level as the robot's base, not as the camera looks: a camera that is tilted down
 * would else have the floor for a slope, and cut its map along it. The camera still starts at the
 * origin, about which the pipeline scales what it finds: {@link Placement#T_odom_start} does the
 * rest of the way.
 */
final class MountedPipeline implements PerceptionPipeline {
  private final PerceptionPipeline pipeline;
  private final Supplier<Se3> T_base_cam;
  private boolean begun;

  /**
   * @param T_base_cam asked with the first frame
   */
  MountedPipeline(PerceptionPipeline pipeline, Supplier<Se3> T_base_cam) {
    this.pipeline = pipeline;
    this.T_base_cam = T_base_cam;
  }

  @Override
  public FrameOutcome process(CameraFrame frame) {
    if (!begun) {
      begun = true;
      pipeline.setPose(Se3.of(T_base_cam.get().rotation(), new double[3]));
    }
    return pipeline.process(frame);
  }

  @Override
  public void expect(CameraFrame next) {
    pipeline.expect(next);
  }

  @Override
  public void restoreMap(OccupancyDelta map) {
    pipeline.restoreMap(map);
  }

  @Override
  public void close() {
    pipeline.close();
  }
}
