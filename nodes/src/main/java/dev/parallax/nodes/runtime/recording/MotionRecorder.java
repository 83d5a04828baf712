package dev.parallax.nodes.runtime.recording;

import dev.parallax.nodes.codec.RosFrameMessages;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosOdometry;
import dev.parallax.nodes.codec.RosPath;
import dev.parallax.nodes.codec.RosPoseStamped;
import dev.parallax.nodes.codec.RosTransforms;
import dev.parallax.perception.frame.PoseEstimate;
import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.List;

/** The camera's own motion: {@code odometry}, {@code path} and its edge of {@code /tf}. */
final class MotionRecorder {
  private static final double PATH_STEP_M = 0.02;
  private static final double PATH_TURN_RAD = 0.05;

  private final ResultTopics topics;
  private final LengthUnit unit;
  private final List<RosPoseStamped> way = new ArrayList<>();

  MotionRecorder(ResultTopics topics, LengthUnit unit) {
    this.topics = topics;
    this.unit = unit;
  }

  /**
   * @param picture whose frame is the camera's optical frame
   */
  void write(PoseEstimate estimate, RosHeader picture) {
    Se3 T_odom_cam = estimate.T_odom_cam();
    RosHeader odom = new RosHeader(picture.seq(), picture.stamp(), unit.odomFrame());
    double[] covariance = RosFrameMessages.poseCovariance(estimate.covariance(), T_odom_cam);
    topics.write(
        unit.topic("odometry"),
        picture.stamp(),
        RosOdometry.of(odom, picture.frameId(), T_odom_cam, covariance, estimate.motion()));
    topics.write(
        "/tf",
        picture.stamp(),
        new RosTransforms(List.of(new RosTransforms.Stamped(odom, picture.frameId(), T_odom_cam))));
    RosPoseStamped last = way.isEmpty() ? null : way.get(way.size() - 1);
    Se3 step = last == null ? null : last.T_parent_child().inverse().times(T_odom_cam);
    if (step == null || step.distance() > PATH_STEP_M || step.angleRad() > PATH_TURN_RAD) {
      way.add(new RosPoseStamped(odom, T_odom_cam));
    }
  }

  void writePath(RosHeader odom) {
    topics.write(unit.topic("path"), odom.stamp(), new RosPath(odom, way));
  }
}
