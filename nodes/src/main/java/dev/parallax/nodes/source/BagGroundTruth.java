package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosDepth;
import dev.parallax.nodes.codec.RosPoseStamped;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.nodes.source.bag.BagSummary;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FlowField;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.CameraModel;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.UndistortionMap;
import dev.parallax.sim.eval.GroundTruth;
import dev.parallax.sim.eval.StampedPose;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a ROS 1 bag knows to be true: the poses on its PoseStamped topic, taken to be those of the
 * camera's optical frame, and its depth topic. Depth registered to a distorted picture is
 * rectified, nearest sample.
 */
public final class BagGroundTruth implements GroundTruth {
  private static final String USUAL_POSE_TOPIC = "/ground_truth/pose";

  private final List<Timestamp> frameStamps;
  private final List<StampedPose> poses;
  private final @Nullable CameraModel camera;
  private final @Nullable BagDepth depth;
  private @Nullable UndistortionMap undistortion;

  private BagGroundTruth(Bag bag, RecordingOptions options) {
    BagTopics topics = new BagTopics(bag);
    BagImageTopic images = topics.picture(options.imageTopic());
    BagPictures decoder = new BagPictures(images);
    this.frameStamps = frameStamps(bag, images, decoder);
    this.poses = poses(bag);
    BagImageTopic depthTopic = topics.depth(options.depthTopic());
    if (depthTopic == null) {
      this.camera = null;
      this.depth = null;
    } else {
      CameraCalibration given = options.calibration();
      this.camera =
          given != null
              ? given.model()
              : new BagCalibration(bag, images).find(warning -> {}).model(); // the source tells it
      double unitsPerM = options.depthUnitsPerM().orElse(RosDepth.ROS_UNITS_PER_M);
      this.depth = new BagDepth(bag, depthTopic, unitsPerM, decoder.halfFrameNs(bag));
    }
  }

  /**
   * @param options which topics, and the unit of integer depth, by the same rules as {@link
   *     BagSource}
   * @throws SourceException if the file is no bag, or it is not clear which of its topics are meant
   */
  public static BagGroundTruth open(Path path, RecordingOptions options) {
    return new BagGroundTruth(Bags.open(path), options);
  }

  @Override
  public @Nullable PinholeCamera camera() {
    return camera == null ? null : camera.rectified();
  }

  @Override
  public List<StampedPose> poses() {
    return poses;
  }

  @Override
  public List<Timestamp> frameStamps() {
    return frameStamps;
  }

  /** Sensor depth; it is taken as true, so its std is 0 where known. */
  @Override
  public @Nullable DepthMap depth(Timestamp stamp) {
    DepthMap sensed = depth == null ? null : depth.nearest(stamp);
    if (sensed == null || camera == null) {
      return null;
    }
    if (sensed.width() != camera.width() || sensed.height() != camera.height()) {
      throw new SourceException(
          "Depth is %dx%d but the camera %dx%d; true depth must be as large as the picture"
              .formatted(sensed.width(), sensed.height(), camera.width(), camera.height()));
    }
    float[] depthM = camera.isRectified() ? sensed.depthM() : rectified(camera, sensed.depthM());
    float[] stdM = new float[depthM.length];
    for (int i = 0; i < stdM.length; i++) {
      stdM[i] = Float.isNaN(depthM[i]) ? Float.NaN : 0;
    }
    return new DepthMap(sensed.width(), sensed.height(), depthM, stdM);
  }

  @Override
  public @Nullable FlowField backwardFlow(Timestamp stamp) {
    return null;
  }

  @Override
  public @Nullable SceneFlowField sceneFlow(Timestamp stamp) {
    return null;
  }

  @Override
  public @Nullable MovingMask movingMask(Timestamp stamp) {
    return null;
  }

  private float[] rectified(CameraModel model, float[] distorted) {
    if (undistortion == null) {
      undistortion = UndistortionMap.of(model);
    }
    return undistortion.sampleNearest(distorted);
  }

  private static List<Timestamp> frameStamps(Bag bag, BagImageTopic images, BagPictures decoder) {
    List<Timestamp> stamps = new ArrayList<>();
    Iterator<BagMessage> messages = bag.messages(Set.of(images.name()));
    while (messages.hasNext()) {
      BagMessage message = messages.next();
      try {
        stamps.add(decoder.stamp(message));
      } catch (MessageFormatException e) {
        stamps.add(message.recordTime()); // it is still an input frame that should have a pose
      }
    }
    stamps.sort(null);
    return List.copyOf(stamps);
  }

  private static List<StampedPose> poses(Bag bag) {
    String topic = poseTopic(bag);
    List<StampedPose> poses = new ArrayList<>();
    if (topic == null) {
      return poses;
    }
    Iterator<BagMessage> messages = bag.messages(Set.of(topic));
    while (messages.hasNext()) {
      try {
        BagMessage message = messages.next();
        RosPoseStamped pose = message.channel().decoder().pose(message.data());
        poses.add(new StampedPose(pose.header().stamp(), pose.T_parent_child()));
      } catch (MessageFormatException e) {
        throw new SourceException(
            "%s: ground truth is damaged: %s".formatted(bag.path(), e.getMessage()), e);
      }
    }
    poses.sort(Comparator.comparing(StampedPose::stamp));
    return List.copyOf(poses);
  }

  private static @Nullable String poseTopic(Bag bag) {
    List<String> topics =
        bag.summary().topics().stream()
            .filter(topic -> topic.decoder().rosType() == Ros1Type.POSE_STAMPED)
            .map(BagSummary.Topic::name)
            .toList();
    if (topics.size() > 1 && !topics.contains(USUAL_POSE_TOPIC)) {
      throw new SourceException(
          "%s: has several pose topics (%s); ground truth is read from %s or the only one"
              .formatted(bag.path(), String.join(", ", topics), USUAL_POSE_TOPIC));
    }
    return topics.isEmpty()
        ? null
        : topics.contains(USUAL_POSE_TOPIC) ? USUAL_POSE_TOPIC : topics.get(0);
  }
}
