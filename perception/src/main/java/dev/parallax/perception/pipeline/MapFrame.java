package dev.parallax.perception.pipeline;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FeatureKernels;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.PoseEstimate;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.loop.LoopCloser;
import dev.parallax.perception.loop.LoopConfig;
import java.util.function.Consumer;

/** Keeps where odom lies in the map, and says when a loop was closed. Agent thread only. */
final class MapFrame implements AutoCloseable {
  private final LoopCloser loops;
  private final PinholeCamera depthCamera;
  private final Consumer<Notice> notices;
  private boolean isMetric;
  private boolean announced;

  MapFrame(
      LoopConfig config,
      PinholeCamera camera,
      PinholeCamera depthCamera,
      FeatureKernels kernels,
      Consumer<Notice> notices) {
    this.depthCamera = depthCamera;
    this.notices = notices;
    loops = new LoopCloser(config, camera, kernels, this::announce);
  }

  /** T_map_odom at a frame. */
  Se3 advance(DeviceBuffer grey, DepthMap depth, PoseEstimate pose) {
    if (pose.state() != TrackingState.TRACKING) {
      return loops.T_map_odom(pose.T_odom_cam());
    }
    if (pose.scale().isMetric() != isMetric) {
      isMetric = pose.scale().isMetric();
      breakSegment(); // lengths before were in another unit
    }
    return loops.advance(grey, depth, depthCamera, pose.T_odom_cam());
  }

  /** Poses from now on do not continue those before. */
  void breakSegment() {
    loops.breakSegment();
  }

  private void announce(LoopCloser.Closure closure) {
    if (!announced) {
      announced = true;
      notices.accept(
          Notice.info(
              ("Loop closed over %d places (%d matches agree): the correction goes to map->odom,"
                      + " odom stays as it is")
                  .formatted(closure.placesBetween(), closure.inliers())));
    }
  }

  @Override
  public void close() {
    loops.close();
  }
}
