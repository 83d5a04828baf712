package dev.parallax.nodes.ros.camera;

import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosFrameMessages;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosOdometry;
import dev.parallax.nodes.codec.RosPath;
import dev.parallax.nodes.codec.RosPoseStamped;
import dev.parallax.nodes.codec.RosPoseWithCovariance;
import dev.parallax.nodes.codec.RosTransforms;
import dev.parallax.nodes.ros.PublishOptions;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.RosPublisher;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.ros.camera.RosCameraConfig.Frames;
import dev.parallax.perception.frame.PoseEstimate;
import dev.parallax.perception.geometry.Se3;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code odometry}, {@code pose}, {@code path} and the two edges of {@code /tf} that are ours, all
 * of the robot's base. One thread, but for {@link #latest}.
 */
final class MotionTopics implements AutoCloseable {
  /** A path keeps a pose for so much way or turn, and no more than so many poses. */
  private static final double PATH_STEP_M = 0.02;

  private static final double PATH_TURN_RAD = 0.05;
  private static final int PATH_POSES = 5000;

  private final Frames frames;
  private final Placement placement;
  private final RosPublisher odometry;
  private final RosPublisher pose;
  private final RosPublisher path;
  private final RosPublisher tf;
  private final Deque<RosPoseStamped> way = new ArrayDeque<>();
  private volatile @Nullable Se3 T_map_base_latest;

  MotionTopics(RosNode node, RosCameraConfig config, Placement placement) {
    this.frames = config.frames();
    this.placement = placement;
    PublishOptions queue = PublishOptions.queue(10);
    odometry = node.advertise(config.result("odometry"), RosType.of(Ros1Type.ODOMETRY), queue);
    pose =
        node.advertise(
            config.result("pose"), RosType.of(Ros1Type.POSE_WITH_COVARIANCE_STAMPED), queue);
    path =
        node.advertise(config.result("path"), RosType.of(Ros1Type.PATH), PublishOptions.queue(1));
    tf = node.advertise("/tf", RosType.of(Ros1Type.TF_MESSAGE), PublishOptions.queue(100));
  }

  /** T_map_base as the pipeline has it, before any pose was set; null before. Any thread. */
  @Nullable Se3 latest() {
    return T_map_base_latest;
  }

  /**
   * @param T_map_start what closed loops correct, in the pipeline's own odom, which begins at the
   *     camera
   */
  void publish(PoseEstimate estimate, Se3 T_map_start, RosHeader picture) {
    Se3 T_base_cam = placement.T_base_cam(picture.frameId());
    Se3 T_odom_start = placement.T_odom_start(picture.frameId());
    Se3 T_start_base = estimate.T_odom_cam().times(T_base_cam.inverse());
    Se3 T_odom_base = T_odom_start.times(T_start_base).normalised();
    Se3 T_map_odom = T_odom_start.times(T_map_start).times(T_odom_start.inverse());
    RosHeader header = new RosHeader(picture.seq(), picture.stamp(), frames.odom());
    double[] covariance = RosFrameMessages.poseCovariance(estimate.covariance(), T_start_base);
    pose.publish(new RosPoseWithCovariance(header, T_odom_base, covariance));
    odometry.publish(
        RosOdometry.of(
            header,
            frames.base(),
            T_odom_base,
            covariance,
            estimate.motion().map(motion -> motion.of(T_base_cam))));
    publishTransforms(header, T_odom_base, T_map_odom);
    publishPath(header, T_odom_base);
    T_map_base_latest = T_map_odom.times(T_odom_base).normalised();
  }

  private void publishTransforms(RosHeader odom, Se3 T_odom_base, Se3 T_map_odom) {
    List<RosTransforms.Stamped> transforms = new ArrayList<>();
    if (frames.publishOdom()) {
      transforms.add(new RosTransforms.Stamped(odom, frames.base(), T_odom_base));
    }
    if (frames.publishMap()) {
      RosHeader map = new RosHeader(odom.seq(), odom.stamp(), frames.map());
      Se3 T_robotMap_odom = placement.T_robotMap_map().times(T_map_odom).normalised();
      transforms.add(new RosTransforms.Stamped(map, frames.odom(), T_robotMap_odom));
    }
    if (!transforms.isEmpty()) {
      tf.publish(new RosTransforms(transforms));
    }
  }

  private void publishPath(RosHeader header, Se3 T_odom_base) {
    RosPoseStamped last = way.peekLast();
    Se3 step =
        last == null ? null : last.T_parent_child().inverse().times(T_odom_base).normalised();
    if (step == null || step.distance() > PATH_STEP_M || step.angleRad() > PATH_TURN_RAD) {
      if (way.size() == PATH_POSES) {
        way.removeFirst();
      }
      way.addLast(new RosPoseStamped(header, T_odom_base));
      if (path.isHeard()) {
        path.publish(new RosPath(header, List.copyOf(way)));
      }
    }
  }

  /** The way so far is no more. */
  void forget() {
    way.clear();
    T_map_base_latest = null;
  }

  @Override
  public void close() {
    odometry.close();
    pose.close();
    path.close();
    tf.close();
  }
}
