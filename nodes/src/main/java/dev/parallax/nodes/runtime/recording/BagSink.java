package dev.parallax.nodes.runtime.recording;

import dev.parallax.nodes.codec.RosCameraInfo;
import dev.parallax.nodes.codec.RosFlowPoints;
import dev.parallax.nodes.codec.RosFrameMessages;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosLog;
import dev.parallax.nodes.codec.RosOccupancyGrid;
import dev.parallax.nodes.codec.RosPictures;
import dev.parallax.nodes.codec.RosText;
import dev.parallax.nodes.codec.RosVoxels;
import dev.parallax.nodes.runtime.OutcomeSink;
import dev.parallax.nodes.runtime.files.OccupancyReplica;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.nodes.source.bag.BagOutput;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.Notice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Leaves the results of a run in a recording of ROS 1 messages, the same topics and types that the
 * live node publishes, recorded at the stamp of their picture:
 *
 * <pre>
 *   /parallax/image_rect/compressed, /parallax/camera_info    the rectified picture, JPEG
 *   /parallax/depth/image, .../std_dev, .../camera_info       32FC1 metres
 *   /parallax/scene_flow                                      32FC3 m/s in the camera's frame
 *   /parallax/scene_flow/points                               x y z vx vy vz speed of what moves
 *   /parallax/moving_mask                                     mono8
 *   /parallax/odometry, /tf                                   the camera's optical frame in odom
 *   /parallax/path, .../occupancy, .../voxels                 once a second, and at the end
 *   /parallax/scale                                           where the unit of length comes from
 *   /rosout                                                   notices
 * </pre>
 *
 * Where lengths are in an arbitrary unit, what has lengths is under {@code /parallax/relative} and
 * in frame {@code odom_relative}, so that nobody takes them for metres.
 */
public final class BagSink implements OutcomeSink {
  private static final String OPTICAL_FRAME = "camera_optical_frame";
  private static final int JPEG_QUALITY = 90;
  private static final long MAP_PERIOD_NS = 1_000_000_000L;

  private final ResultTopics topics;
  private MotionRecorder motion;
  private final RosPictures pictures = new RosPictures();
  private final List<Notice> untimed = new ArrayList<>();
  private OccupancyReplica map = new OccupancyReplica();
  private @Nullable Timestamp latest;
  private @Nullable String scaleTold;
  private LengthUnit unit = LengthUnit.METRES;
  private long mapWrittenNs = Long.MIN_VALUE;

  /**
   * @param path for error messages
   * @param output closed with the sink
   */
  public BagSink(Path path, BagOutput output) {
    this.topics = new ResultTopics(path, output);
    this.motion = new MotionRecorder(topics, LengthUnit.METRES);
  }

  /** The name of one of our topics that have no unit of length. */
  private static String topic(String name) {
    return LengthUnit.METRES.topic(name);
  }

  @Override
  public String name() {
    return "recording";
  }

  @Override
  public void accept(SourceItem item, FrameOutcome outcome) {
    latest = outcome.stamp();
    untimed.forEach(this::log);
    untimed.clear();
    if (outcome instanceof Estimated frame) {
      write(frame);
    }
  }

  @Override
  public void beginAnew() {
    motion = new MotionRecorder(topics, unit);
    map = new OccupancyReplica();
  }

  @Override
  public void accept(Notice notice) {
    if (latest == null) {
      untimed.add(notice); // told before the first frame, whose time it then has
    } else {
      log(notice);
    }
  }

  @Override
  public void close() {
    try (ResultTopics closing = topics) {
      Timestamp end = latest;
      if (end != null) {
        writeMap(end);
      }
    }
  }

  private void write(Estimated frame) {
    if (unit != LengthUnit.of(frame)) { // no path or map has two
      unit = LengthUnit.of(frame);
      beginAnew();
    }
    Timestamp stamp = frame.stamp();
    RosHeader header = new RosHeader(frame.id().sequence(), stamp, OPTICAL_FRAME);
    writePicture(frame, header);
    RosCameraInfo depthCamera = RosFrameMessages.depthCamera(frame, header);
    topics.write(unit.topic("depth/camera_info"), stamp, depthCamera);
    topics.write(unit.topic("depth/image"), stamp, RosFrameMessages.depth(frame, header));
    topics.write(unit.topic("depth/std_dev"), stamp, RosFrameMessages.depthStd(frame, header));
    topics.write(unit.topic("scene_flow"), stamp, RosFrameMessages.sceneFlow(frame, header));
    topics.write(unit.topic("scene_flow/points"), stamp, RosFlowPoints.moving(frame, header));
    topics.write(topic("moving_mask"), stamp, RosFrameMessages.movingMask(frame, header));
    motion.write(frame.pose(), header);
    String scale = frame.pose().scale().label();
    if (!scale.equals(scaleTold)) {
      scaleTold = scale;
      topics.write(topic("scale"), stamp, new RosText(scale));
    }
    map.apply(frame.map());
    if (mapWrittenNs == Long.MIN_VALUE || stamp.nanos() - mapWrittenNs >= MAP_PERIOD_NS) {
      writeMap(stamp);
    }
  }

  private void writePicture(Estimated frame, RosHeader header) {
    Timestamp stamp = header.stamp();
    topics.write(
        topic("image_rect/compressed"),
        stamp,
        pictures.jpegMessage(frame.rectified(), header, JPEG_QUALITY));
    topics.write(topic("camera_info"), stamp, RosCameraInfo.rectified(header, frame.camera()));
  }

  private void writeMap(Timestamp stamp) {
    mapWrittenNs = stamp.nanos();
    RosHeader odom = new RosHeader(0, stamp, unit.odomFrame());
    motion.writePath(odom);
    map.grid()
        .ifPresent(
            grid -> topics.write(unit.topic("occupancy"), stamp, RosOccupancyGrid.of(grid, odom)));
    map.map()
        .ifPresent(
            voxels -> topics.write(unit.topic("voxels"), stamp, RosVoxels.centres(voxels, odom)));
  }

  private void log(Notice notice) {
    Timestamp stamp = latest;
    if (stamp != null) {
      RosLog.Level level =
          notice.severity() == Notice.Severity.WARNING ? RosLog.Level.WARN : RosLog.Level.INFO;
      RosHeader header = new RosHeader(0, stamp, "");
      topics.write(
          "/rosout", stamp, new RosLog(header, level, "/parallax", notice.message(), List.of()));
    }
  }
}
