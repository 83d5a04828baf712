package dev.parallax.nodes.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.pipeline.SessionState;
import dev.parallax.proto.v1.SessionCheckpoint;
import org.jspecify.annotations.Nullable;

/** Where sessions stood, to and from Protobuf. Stateless. */
public final class ProtoCheckpoint {
  private ProtoCheckpoint() {}

  /**
   * @param stream which run of the camera's publisher the session belongs to
   * @param sequence of the last frame worked on
   * @param resumeOffset first offset that a successor has to work on
   * @param state null where the session had only begun: it is begun again at {@code resumeOffset}
   */
  public record Checkpoint(
      String camera,
      String stream,
      long sequence,
      Timestamp stamp,
      int partition,
      long resumeOffset,
      int takeovers,
      @Nullable SessionState state) {}

  public static byte[] encode(Checkpoint c) {
    SessionCheckpoint.Builder message =
        SessionCheckpoint.newBuilder()
            .setCameraId(c.camera())
            .setStream(c.stream())
            .setSequence(c.sequence())
            .setStamp(ProtoTimes.message(c.stamp()))
            .setInputPartition(c.partition())
            .setResumeOffset(c.resumeOffset())
            .setTakeovers(c.takeovers())
            .setScaleStd(Double.NaN);
    SessionState state = c.state();
    if (state != null) {
      message
          .setCalibration(
              ProtoCalibration.message(state.calibration().model(), state.stamp(), c.camera()))
          .setCalibrationOrigin(state.calibration().origin().name())
          .setPose(ProtoResults.pose(c.camera(), state.stamp(), state.T_odom_cam()))
          .setScaleStd(state.scaleStd());
      SessionState.View view = state.view();
      if (view != null) {
        message.setView(view(view));
      }
    }
    return message.build().toByteArray();
  }

  /**
   * @throws MessageFormatException if the bytes are no checkpoint
   */
  public static Checkpoint decode(byte[] bytes, String topic) throws MessageFormatException {
    try {
      SessionCheckpoint m = SessionCheckpoint.parseFrom(bytes);
      return new Checkpoint(
          m.getCameraId(),
          m.getStream(),
          m.getSequence(),
          ProtoTimes.stamp(m.getStamp()),
          m.getInputPartition(),
          m.getResumeOffset(),
          m.getTakeovers(),
          m.hasPose() ? state(m, topic) : null);
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new MessageFormatException(
          "topic %s: not a parallax.v1.SessionCheckpoint (%s)".formatted(topic, e.getMessage()), e);
    }
  }

  private static SessionState state(SessionCheckpoint m, String topic)
      throws MessageFormatException {
    CameraCalibration calibration =
        new CameraCalibration(
            ProtoCalibration.model(m.getCalibration(), topic),
            CameraCalibration.Origin.valueOf(m.getCalibrationOrigin()));
    return new SessionState(
        calibration,
        new Timestamp(m.getPose().getStampNs()),
        ProtoResults.se3(m.getPose()),
        m.getScaleStd(),
        m.hasView() ? view(m.getView()) : null);
  }

  private static SessionCheckpoint.View view(SessionState.View view) {
    SessionCheckpoint.View.Builder message = SessionCheckpoint.View.newBuilder();
    if (!Double.isNaN(view.readoutS())) {
      message.setReadoutS(view.readoutS());
    }
    return message
        .setWidth(view.grey().width())
        .setHeight(view.grey().height())
        .setGrey(UnsafeByteOperations.unsafeWrap(view.grey().data()))
        .setDepthWidth(view.belief().width())
        .setDepthHeight(view.belief().height())
        .setDepth(floats(view.belief().depthM()))
        .setDepthStd(floats(view.belief().stdM()))
        .build();
  }

  private static SessionState.View view(SessionCheckpoint.View m) {
    return new SessionState.View(
        new Picture(m.getWidth(), m.getHeight(), Picture.Format.MONO8, m.getGrey().toByteArray()),
        new DepthMap(
            m.getDepthWidth(),
            m.getDepthHeight(),
            ProtoFloats.floats(m.getDepth().asReadOnlyByteBuffer()),
            ProtoFloats.floats(m.getDepthStd().asReadOnlyByteBuffer())),
        m.hasReadoutS() ? m.getReadoutS() : Double.NaN);
  }

  private static ByteString floats(float[] values) {
    return UnsafeByteOperations.unsafeWrap(ProtoFloats.bytes(values));
  }
}
