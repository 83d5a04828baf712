package dev.parallax.nodes.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.parallax.perception.frame.CameraMotion;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.PoseEstimate;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FrameOutcome.Lost;
import dev.parallax.perception.pipeline.FrameOutcome.Skipped;
import dev.parallax.perception.pipeline.StageTimings.Stage;
import dev.parallax.proto.foxglove.Odometry;
import dev.parallax.proto.foxglove.Pose;
import dev.parallax.proto.foxglove.Quaternion;
import dev.parallax.proto.foxglove.RawImage;
import dev.parallax.proto.foxglove.Vector3;
import dev.parallax.proto.v1.CameraPose;
import dev.parallax.proto.v1.FrameResult;
import dev.parallax.proto.v1.StageTime;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of frames, to and from Protobuf. Stateless. */
public final class ProtoResults {
  private ProtoResults() {}

  /**
   * Where a frame came from and who worked on it.
   *
   * @param takeovers how often its session was taken over so far
   * @param nodeMs from arrival to hand-over, milliseconds
   */
  public record Origin(String node, int partition, long offset, int takeovers, double nodeMs) {}

  /**
   * A result as a reader sees it.
   *
   * @param reason empty where the frame was published
   * @param T_odom_cam null unless the frame was published
   * @param scale where the unit of length comes from; empty unless the frame was published
   */
  public record Result(
      String camera,
      long sequence,
      Timestamp stamp,
      String outcome,
      String reason,
      String detail,
      @Nullable Se3 T_odom_cam,
      String scale,
      Origin origin) {
    /** Whether lengths are metres. */
    public boolean metric() {
      return !scale.isEmpty() && !scale.equals(ScaleSource.RELATIVE.label());
    }

    public boolean published() {
      return outcome.equals(FrameResult.Outcome.PUBLISHED.name());
    }
  }

  public static byte[] result(FrameOutcome outcome, Origin origin) {
    FrameResult.Builder message =
        begin(outcome.id().camera().name(), outcome.id().sequence(), outcome.stamp(), origin);
    for (Stage stage : Stage.values()) {
      Long nanos = outcome.timings().nanos().get(stage);
      if (nanos != null) {
        message.addStages(
            StageTime.newBuilder().setStage(stage.name()).setDurationNs(nanos).build());
      }
    }
    if (outcome instanceof Estimated e) {
      message
          .setOutcome(FrameResult.Outcome.PUBLISHED)
          .setPose(pose(e.id().camera().name(), e.pose()))
          .setTrackingState(e.pose().state().name())
          .setInlierShare(e.pose().inlierShare())
          .setDetail(e.pose().figures().described());
    } else if (outcome instanceof Skipped s) {
      message
          .setOutcome(FrameResult.Outcome.SKIPPED)
          .setReason(s.reason().name())
          .setDetail(s.detail());
    } else if (outcome instanceof Lost l) {
      message
          .setOutcome(FrameResult.Outcome.LOST)
          .setReason("LOST")
          .setDetail(l.reason())
          .setTrackingState(l.state().name());
    }
    return message.build().toByteArray();
  }

  /** A frame that could not be used and is on the dead-letter topic. */
  public static byte[] deadLetter(
      String camera, long sequence, Timestamp stamp, String reason, String detail, Origin origin) {
    return begin(camera, sequence, stamp, origin)
        .setOutcome(FrameResult.Outcome.DEAD_LETTER)
        .setReason(reason)
        .setDetail(detail)
        .build()
        .toByteArray();
  }

  /**
   * @throws MessageFormatException if the bytes are no result
   */
  public static Result decode(byte[] message, String topic) throws MessageFormatException {
    FrameResult r;
    try {
      r = FrameResult.parseFrom(message);
    } catch (InvalidProtocolBufferException e) {
      throw new MessageFormatException(
          "topic %s: not a parallax.v1.FrameResult (%s)".formatted(topic, e.getMessage()), e);
    }
    return new Result(
        r.getCameraId(),
        r.getSequence(),
        ProtoTimes.stamp(r.getStamp()),
        r.getOutcome().name(),
        r.getReason(),
        r.getDetail(),
        r.hasPose() ? se3(r.getPose()) : null,
        r.getPose().getScaleSource(),
        new Origin(
            r.getNode(),
            r.getInputPartition(),
            r.getInputOffset(),
            r.getTakeovers(),
            r.getNodeMs()));
  }

  /** {@code foxglove.Odometry} of a published frame. */
  public static byte[] odometry(Estimated e, String frameId) {
    Se3 T = e.pose().T_odom_cam();
    double[] q = T.quaternion();
    Odometry.Builder message =
        Odometry.newBuilder()
            .setTimestamp(ProtoTimes.message(e.stamp()))
            .setFrameId("odom")
            .setChildFrameId(frameId)
            .setPose(
                Pose.newBuilder()
                    .setPosition(Vector3.newBuilder().setX(T.tx()).setY(T.ty()).setZ(T.tz()))
                    .setOrientation(
                        Quaternion.newBuilder().setX(q[0]).setY(q[1]).setZ(q[2]).setW(q[3])));
    for (double c : e.pose().covariance()) {
      message.addPoseCovariance(c);
    }
    e.pose().motion().ifPresent(motion -> add(motion, message));
    return message.build().toByteArray();
  }

  private static void add(CameraMotion motion, Odometry.Builder message) {
    double[] twist = motion.twist();
    message
        .setLinearVelocity(Vector3.newBuilder().setX(twist[0]).setY(twist[1]).setZ(twist[2]))
        .setAngularVelocity(Vector3.newBuilder().setX(twist[3]).setY(twist[4]).setZ(twist[5]));
    Arrays.stream(motion.twistCovariance()).forEach(message::addVelocityCovariance);
  }

  /** Depth as {@code foxglove.RawImage} 32FC1, to the bit. */
  public static byte[] depth(Estimated e, String frameId) {
    return floats(e, frameId, "32FC1", 1, e.depth().depthM());
  }

  /** One standard deviation of depth, the same way. */
  public static byte[] depthStd(Estimated e, String frameId) {
    return floats(e, frameId, "32FC1", 1, e.depth().stdM());
  }

  /** Scene flow as {@code foxglove.RawImage} 32FC3, to the bit. */
  public static byte[] sceneFlow(Estimated e, String frameId) {
    return floats(e, frameId, "32FC3", 3, e.sceneFlow().velocityMps());
  }

  public static byte[] movingMask(Estimated e, String frameId) {
    return ProtoPictures.raw(
        e.stamp(),
        frameId,
        e.movingMask().width(),
        e.movingMask().height(),
        "mono8",
        1,
        e.movingMask().labels());
  }

  /**
   * Depth and std from their two messages.
   *
   * @throws MessageFormatException if one is no depth or they differ in size
   */
  public static DepthMap depthMap(byte[] depth, byte[] std, String topic)
      throws MessageFormatException {
    try {
      RawImage d = RawImage.parseFrom(depth);
      RawImage s = RawImage.parseFrom(std);
      return new DepthMap(
          d.getWidth(),
          d.getHeight(),
          ProtoFloats.floats(d.getData().asReadOnlyByteBuffer()),
          ProtoFloats.floats(s.getData().asReadOnlyByteBuffer()));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new MessageFormatException(
          "topic %s: not depth (%s)".formatted(topic, e.getMessage()), e);
    }
  }

  /**
   * A depth by itself, metres (or relative units).
   *
   * @param depthM {@code [height width]}
   */
  public record DepthField(int width, int height, float[] depthM) {}

  /**
   * Depth from its message alone.
   *
   * @throws MessageFormatException if it is no depth
   */
  public static DepthField depthOnly(byte[] depth, String topic) throws MessageFormatException {
    try {
      RawImage d = RawImage.parseFrom(depth);
      float[] values = ProtoFloats.floats(d.getData().asReadOnlyByteBuffer());
      if (values.length != d.getWidth() * d.getHeight()) {
        throw new MessageFormatException(
            "topic %s: depth of %dx%d has %d values"
                .formatted(topic, d.getWidth(), d.getHeight(), values.length));
      }
      return new DepthField(d.getWidth(), d.getHeight(), values);
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new MessageFormatException(
          "topic %s: not depth (%s)".formatted(topic, e.getMessage()), e);
    }
  }

  static CameraPose pose(String camera, PoseEstimate pose) {
    CameraPose.Builder message = pose(camera, pose.stamp(), pose.T_odom_cam());
    for (double c : pose.covariance()) {
      message.addCovariance(c);
    }
    pose.scaleFigures().leftOut().stream()
        .sorted()
        .forEach(source -> message.addScaleLeftOut(source.label()));
    return message
        .setScaleSource(pose.scale().label())
        .setScaleStd(pose.scaleFigures().std())
        .build();
  }

  static CameraPose.Builder pose(String camera, Timestamp stamp, Se3 T_odom_cam) {
    CameraPose.Builder message =
        CameraPose.newBuilder().setStampNs(stamp.nanos()).setCameraId(camera);
    for (double t : T_odom_cam.translation()) {
      message.addTranslation(t);
    }
    for (double q : T_odom_cam.quaternion()) {
      message.addQuaternion(q);
    }
    return message;
  }

  static Se3 se3(CameraPose message) {
    List<Double> t = message.getTranslationList();
    List<Double> q = message.getQuaternionList();
    return Se3.ofQuaternion(q.get(0), q.get(1), q.get(2), q.get(3), t.get(0), t.get(1), t.get(2));
  }

  private static FrameResult.Builder begin(
      String camera, long sequence, Timestamp stamp, Origin origin) {
    return FrameResult.newBuilder()
        .setCameraId(camera)
        .setSequence(sequence)
        .setStamp(ProtoTimes.message(stamp))
        .setNode(origin.node())
        .setInputPartition(origin.partition())
        .setInputOffset(origin.offset())
        .setTakeovers(origin.takeovers())
        .setNodeMs(origin.nodeMs());
  }

  private static byte[] floats(
      Estimated e, String frameId, String encoding, int channels, float[] values) {
    return ProtoPictures.raw(
        e.stamp(),
        frameId,
        e.depthCamera().width(),
        e.depthCamera().height(),
        encoding,
        channels * Float.BYTES,
        ProtoFloats.bytes(values));
  }
}
