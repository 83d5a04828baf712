package dev.parallax.nodes.kafka;

import dev.parallax.nodes.codec.ProtoCheckpoint.Checkpoint;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.SessionState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a camera's session and map are written down, always together: the map on the topic
 * is then the map of the checkpoint, and a successor that works through the frames since has both.
 * One thread at a time.
 */
final class SessionKeeper {
  /** Half a second of a usual camera: what a successor has to work through again. */
  private static final int FRAMES_BETWEEN = 15;

  /** A camera that tracks nothing for so long is worth no more than its pose. */
  private static final int FRAMES_UNTIL_POSE_ONLY = 300;

  private final ResultRecords records;
  private final String camera;
  private final int partition;
  private final Map<Long, byte[]> changedBlocks = new LinkedHashMap<>();
  private final Set<Long> blocksOnTopic = new TreeSet<>();
  private double voxelSizeM = Double.NaN;
  private int framesSince;
  private boolean begun;
  private @Nullable Estimated lastEstimate;
  private @Nullable CameraCalibration calibration;

  SessionKeeper(ResultRecords records, String camera, int partition) {
    this.records = records;
    this.camera = camera;
    this.partition = partition;
  }

  /** The topic holds these blocks already; the session that they belong to goes on. */
  void goOnWith(@Nullable OccupancyDelta map) {
    begun = true;
    if (map != null) {
      voxelSizeM = map.voxelSizeM();
      for (long key : map.blockKeys()) {
        blocksOnTopic.add(key);
      }
    }
  }

  /** A new session begins: every block that the topic holds goes. */
  void beginAnew() {
    begun = false;
    lastEstimate = null;
    changedBlocks.clear();
    for (long key : blocksOnTopic) {
      changedBlocks.put(key, new byte[0]);
    }
  }

  /** Takes note of a frame. */
  void note(FrameOutcome outcome, CameraCalibration of) {
    framesSince++;
    calibration = of;
    if (outcome instanceof Estimated e) {
      lastEstimate = e;
      voxelSizeM = e.map().voxelSizeM();
      for (int i = 0; i < e.map().blockKeys().length; i++) {
        changedBlocks.put(e.map().blockKeys()[i], e.map().logOdds()[i]);
      }
    }
  }

  /**
   * What is to be written with this frame's result; nothing most of the time.
   *
   * @param offset of the frame
   */
  List<ProducerRecord<String, byte[]>> due(
      PerceptionPipeline pipeline, FrameId frame, Timestamp stamp, Position at, long offset) {
    if (!begun) {
      begun = true;
      framesSince = 0;
      return write(frame, stamp, at, offset, null);
    }
    return framesSince < FRAMES_BETWEEN ? List.of() : now(pipeline, frame, stamp, at, offset);
  }

  /** What is to be written before another node takes over; nothing if it would be no use. */
  List<ProducerRecord<String, byte[]>> now(
      PerceptionPipeline pipeline, FrameId frame, Timestamp stamp, Position at, long offset) {
    Optional<SessionState> state = pipeline.snapshot();
    if (state.isEmpty() && framesSince >= FRAMES_UNTIL_POSE_ONLY) {
      state = poseOnly();
    }
    if (state.isEmpty()) {
      return List.of(); // the one before still leads here, through all frames since
    }
    framesSince = 0;
    return write(frame, stamp, at, offset + 1, state.get());
  }

  /** Which run of the publisher a session belongs to, and how often it changed hands. */
  record Position(String stream, int takeovers) {}

  private Optional<SessionState> poseOnly() {
    Estimated last = lastEstimate;
    CameraCalibration of = calibration;
    return last == null || of == null
        ? Optional.empty()
        : Optional.of(
            new SessionState(of, last.stamp(), last.pose().T_odom_cam(), Double.NaN, null));
  }

  private List<ProducerRecord<String, byte[]>> write(
      FrameId frame,
      Timestamp stamp,
      Position at,
      long resumeOffset,
      @Nullable SessionState state) {
    List<ProducerRecord<String, byte[]>> written = new ArrayList<>();
    changedBlocks.forEach(
        (key, row) -> {
          written.add(records.block(partition, frame, stamp, voxelSizeM, key, row));
          boolean unused = row.length == 0 ? blocksOnTopic.remove(key) : blocksOnTopic.add(key);
        });
    changedBlocks.clear();
    written.add(
        records.session(
            new Checkpoint(
                camera,
                at.stream(),
                frame.sequence(),
                stamp,
                partition,
                resumeOffset,
                at.takeovers(),
                state)));
    return written;
  }
}
