package dev.parallax.nodes.kafka;

import dev.parallax.nodes.codec.ProtoCheckpoint.Checkpoint;
import dev.parallax.nodes.codec.ProtoResults;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.CameraId;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Skipped;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.SessionState;
import dev.parallax.perception.pipeline.StageTimings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One camera: its frames in order, its session, its map. One frame at a time, on any thread. What
 * it works out becomes true only by the node's transaction; after one that failed, the lane is
 * thrown away and another begins where the last good one ended.
 */
final class CameraLane implements AutoCloseable {
  /** A clock this far from the frame before was set wrong, or right at last. */
  private static final double MAX_LEAP_S = 3600;

  /** So many frames in a row by another clock, and the clock is believed. */
  private static final int LEAPS_BELIEVED = 30;

  private final String camera;
  private final int partition;
  private final Function<Consumer<Notice>, PerceptionPipeline> pipelines;
  private final FrameDecoder decoder;
  private final ResultRecords results;
  private final Consumer<Notice> notices;
  private final SessionKeeper keeper;

  private @Nullable PerceptionPipeline pipeline;
  private @Nullable Checkpoint resumeFrom;
  private @Nullable OccupancyDelta mapToRestore;
  private String stream = "";
  private long lastSequence = -1;
  private @Nullable Timestamp lastStamp;
  private long lastOffset = -1;
  private int takeovers;
  private int leapsInARow;

  /**
   * @param pipelines makes a pipeline, given where its notices go
   */
  CameraLane(
      String camera,
      int partition,
      Function<Consumer<Notice>, PerceptionPipeline> pipelines,
      FrameDecoder decoder,
      ResultRecords results,
      Consumer<Notice> notices) {
    this.camera = camera;
    this.partition = partition;
    this.pipelines = pipelines;
    this.decoder = decoder;
    this.results = results;
    this.notices = notice -> notices.accept(named(notice));
    keeper = new SessionKeeper(results, camera, partition);
  }

  /** Goes on where another node, or an earlier run, stood. */
  void goOnFrom(Checkpoint checkpoint, @Nullable OccupancyDelta map) {
    resumeFrom = checkpoint;
    mapToRestore = map;
    stream = checkpoint.stream();
    takeovers = checkpoint.takeovers() + 1;
    keeper.goOnWith(map);
    if (checkpoint.state() != null) {
      lastSequence = checkpoint.sequence();
      lastStamp = checkpoint.stamp();
    }
  }

  /**
   * Works on one frame.
   *
   * @param publish false to come back to where the session stood, without results
   * @param late whether a newer frame waits, so that this one is only counted
   */
  WorkedFrame work(ConsumerRecord<String, byte[]> frame, boolean publish, boolean late) {
    long startNs = System.nanoTime();
    FrameHeaders headers = null;
    try {
      headers = headers(frame);
      beginIfNew(headers);
      requireOrder(headers);
      lastOffset = frame.offset();
      if (late) {
        lastSequence = headers.sequence();
        return skippedLate(frame, headers, publish, startNs);
      }
      CameraFrame picture = decoder.decode(frame, headers, id(headers.sequence()));
      requireClock(picture.stamp());
      lastSequence = headers.sequence();
      lastStamp = picture.stamp();
      return process(frame, headers, picture, publish, startNs);
    } catch (FrameHeaders.Unusable e) {
      DeadLetter letter = new DeadLetter(e.reason, String.valueOf(e.getMessage()));
      return dead(frame, headers, letter, publish, startNs);
    } catch (ResultRecords.TooLarge e) {
      DeadLetter letter =
          new DeadLetter(DeadLetter.Reason.RESULT_TOO_LARGE, String.valueOf(e.getMessage()));
      return dead(frame, headers, letter, publish, startNs);
    }
  }

  /** What a successor should find; call between frames, before the partition is given away. */
  List<ProducerRecord<String, byte[]>> leave() {
    Timestamp stamp = lastStamp;
    return pipeline == null || stamp == null
        ? List.of()
        : keeper.now(pipeline, id(lastSequence), stamp, position(), lastOffset);
  }

  private FrameHeaders headers(ConsumerRecord<String, byte[]> frame) throws FrameHeaders.Unusable {
    if (frame.key() == null || frame.key().isBlank()) {
      throw new FrameHeaders.Unusable(
          DeadLetter.Reason.KEY_MISSING,
          "the record has no key; the publisher has to set the camera's name as key");
    }
    return FrameHeaders.read(frame.headers());
  }

  private void beginIfNew(FrameHeaders headers) {
    if (headers.stream().equals(stream)) {
      return;
    }
    if (!stream.isEmpty()) {
      notices.accept(Notice.info("another run of the publisher: a new session and map begin"));
    }
    beginAnew();
    stream = headers.stream();
  }

  private void beginAnew() {
    closePipeline();
    resumeFrom = null;
    mapToRestore = null;
    lastSequence = -1;
    lastStamp = null;
    leapsInARow = 0;
    takeovers = 0;
    keeper.beginAnew();
  }

  private void requireOrder(FrameHeaders headers) throws FrameHeaders.Unusable {
    if (headers.sequence() == lastSequence) {
      throw new FrameHeaders.Unusable(
          DeadLetter.Reason.DUPLICATE_SEQUENCE,
          "frame %d came twice; the publisher should be idempotent".formatted(lastSequence));
    }
    if (headers.sequence() < lastSequence) {
      throw new FrameHeaders.Unusable(
          DeadLetter.Reason.OUT_OF_ORDER_SEQUENCE,
          "frame %d came after frame %d; one camera wants one publisher"
              .formatted(headers.sequence(), lastSequence));
    }
  }

  private void requireClock(Timestamp stamp) throws FrameHeaders.Unusable {
    Timestamp before = lastStamp;
    if (before == null || Math.abs(stamp.secondsSince(before)) <= MAX_LEAP_S) {
      leapsInARow = 0;
      return;
    }
    if (++leapsInARow < LEAPS_BELIEVED) {
      throw new FrameHeaders.Unusable(
          DeadLetter.Reason.CLOCK_SKEW,
          "stamp %s is %.1f h from the frame before; check the camera's clock"
              .formatted(stamp, stamp.secondsSince(before) / 3600));
    }
    notices.accept(
        Notice.warning("the camera's clock has changed for good: a new session and map begin"));
    beginAnew();
  }

  private WorkedFrame process(
      ConsumerRecord<String, byte[]> frame,
      FrameHeaders headers,
      CameraFrame picture,
      boolean publish,
      long startNs)
      throws FrameHeaders.Unusable, ResultRecords.TooLarge {
    PerceptionPipeline live = pipeline();
    FrameOutcome outcome = live.process(picture);
    if (outcome instanceof Skipped s && s.reason() == Skipped.Reason.REFUSED) {
      throw new FrameHeaders.Unusable(DeadLetter.Reason.PICTURE_SIZE, s.detail());
    }
    keeper.note(outcome, picture.calibration());
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    if (publish) {
      byte[] result = ProtoResults.result(outcome, origin(frame, startNs));
      records.addAll(results.of(outcome, frame, headers, result));
      records.addAll(keeper.due(live, picture.id(), picture.stamp(), position(), frame.offset()));
    }
    return new WorkedFrame(frame, new SourceItem.Frame(picture), outcome, null, records);
  }

  private WorkedFrame skippedLate(
      ConsumerRecord<String, byte[]> frame, FrameHeaders headers, boolean publish, long startNs)
      throws ResultRecords.TooLarge {
    FrameId id = id(headers.sequence());
    Timestamp stamp = stampOf(frame);
    String why = "a newer frame came first";
    Skipped outcome = new Skipped(id, stamp, Skipped.Reason.LATE, why, StageTimings.none());
    List<ProducerRecord<String, byte[]>> records =
        publish
            ? results.of(
                outcome, frame, headers, ProtoResults.result(outcome, origin(frame, startNs)))
            : List.of();
    return new WorkedFrame(frame, new SourceItem.Refused(id, stamp, why), outcome, null, records);
  }

  private WorkedFrame dead(
      ConsumerRecord<String, byte[]> frame,
      @Nullable FrameHeaders headers,
      DeadLetter letter,
      boolean publish,
      long startNs) {
    FrameId id = id(headers == null ? 0 : headers.sequence());
    Timestamp stamp = stampOf(frame);
    String why =
        "%s: %s offset %d: %s"
            .formatted(
                letter.reason(),
                new org.apache.kafka.common.TopicPartition(frame.topic(), frame.partition()),
                frame.offset(),
                letter.detail());
    byte[] result =
        ProtoResults.deadLetter(
            camera,
            id.sequence(),
            stamp,
            letter.reason().name(),
            letter.detail(),
            origin(frame, startNs));
    return new WorkedFrame(
        frame,
        new SourceItem.Refused(id, stamp, why),
        new Skipped(id, stamp, Skipped.Reason.REFUSED, why, StageTimings.none()),
        letter,
        publish ? results.dead(letter, frame, headers, result) : List.of());
  }

  private PerceptionPipeline pipeline() {
    PerceptionPipeline live = pipeline;
    if (live == null) {
      live = pipelines.apply(notices);
      pipeline = live;
      resume(live);
    }
    return live;
  }

  private void resume(PerceptionPipeline live) {
    Checkpoint from = resumeFrom;
    resumeFrom = null;
    if (from == null) {
      return;
    }
    SessionState state = from.state();
    if (state == null) {
      notices.accept(Notice.info("taken over at its first frame, which is worked on again"));
      return;
    }
    live.resume(state);
    OccupancyDelta map = mapToRestore;
    mapToRestore = null;
    notices.accept(
        state.view() == null
            ? Notice.warning(
                ("taken over at frame %d with its pose only: depth is learnt anew, and a relative"
                        + " scale is not the old one's")
                    .formatted(from.sequence()))
            : Notice.info(
                "taken over at frame %d in the same odom, with %d blocks of map"
                    .formatted(from.sequence(), map == null ? 0 : map.blockKeys().length)));
    try {
      if (map != null) {
        live.restoreMap(map);
      }
    } catch (IllegalArgumentException e) {
      notices.accept(
          Notice.warning("the map cannot be taken over and begins anew: " + e.getMessage()));
      keeper.beginAnew();
      keeper.goOnWith(null);
    }
  }

  private FrameId id(long sequence) {
    return new FrameId(new CameraId(camera.isBlank() ? "unnamed" : camera), sequence);
  }

  private SessionKeeper.Position position() {
    return new SessionKeeper.Position(stream, takeovers);
  }

  private ProtoResults.Origin origin(ConsumerRecord<String, byte[]> frame, long startNs) {
    return new ProtoResults.Origin(
        results.node(), partition, frame.offset(), takeovers, (System.nanoTime() - startNs) / 1e6);
  }

  private static Timestamp stampOf(ConsumerRecord<String, byte[]> frame) {
    return new Timestamp(Math.max(0, frame.timestamp()) * 1_000_000);
  }

  private Notice named(Notice notice) {
    return notice.withMessage("camera %s: %s".formatted(camera, notice.message()));
  }

  private void closePipeline() {
    if (pipeline != null) {
      pipeline.close();
      pipeline = null;
    }
  }

  @Override
  public void close() {
    closePipeline();
  }
}
