package dev.parallax.nodes.source;

import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Plays the pictures of a video file, turned as its container says. Stamps count from the start of
 * the video. A video has no calibration of its own: give one, or one is assumed.
 */
public final class VideoSource implements FrameSource {
  /** Where neither frames nor container tell the time. */
  private static final long DEFAULT_PERIOD_NS = 33_333_333;

  private final Path path;
  private final RecordingOptions options;
  private final VideoDecoder decoder;
  private final QuarterTurn turn;
  private final List<String> warnings = new ArrayList<>();
  private final long periodNs;
  private @Nullable CameraCalibration calibration;
  private VideoDecoder.@Nullable Decoded lookedAhead;
  private long sequence;
  private long lastStampNs;
  private long damaged;
  private long unstamped;
  private boolean ended;

  private VideoSource(Path path, RecordingOptions options, VideoDecoder decoder) {
    this.path = path;
    this.options = options;
    this.decoder = decoder;
    double degrees = decoder.rotationDegrees();
    this.turn = QuarterTurn.nearest(degrees);
    if (Math.abs(degrees - turn.degrees()) > 1 && Math.abs(degrees - turn.degrees()) < 359) {
      warnings.add(
          "%s: asks to be turned by %.1f degrees; only quarter turns are made"
              .formatted(path, degrees));
    }
    this.periodNs =
        decoder.announcedPeriodNs() > 0 ? decoder.announcedPeriodNs() : DEFAULT_PERIOD_NS;
    this.lastStampNs = -periodNs;
    if (options.withSensorDepth()) {
      warnings.add("%s: sensor depth was asked for, but a video has none".formatted(path));
    }
  }

  /**
   * @throws SourceException if the file is no video that can be decoded
   */
  public static VideoSource open(Path path, RecordingOptions options) {
    VideoDecoder decoder = VideoDecoder.open(path);
    VideoSource source = new VideoSource(path, options, decoder);
    source.lookAhead();
    return source;
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public OptionalLong frameCount() {
    return decoder.announcedFrames() > 0
        ? OptionalLong.of(decoder.announcedFrames())
        : OptionalLong.empty();
  }

  @Override
  public @Nullable SourceItem next() {
    VideoDecoder.Decoded decoded = lookedAhead;
    lookedAhead = null;
    if (decoded == null && !ended) {
      decoded = decoder.next();
    }
    if (decoded == null) {
      end();
      return null;
    }
    FrameId id = new FrameId(options.camera(), sequence++);
    Timestamp stamp = stampOf(decoded);
    if (decoded instanceof VideoDecoder.Damaged bad) {
      damaged++;
      return new SourceItem.Refused(
          id,
          stamp,
          "%s: frame %d at %.3f s is damaged (%s); copy or record the video again"
              .formatted(path, id.sequence(), stamp.seconds(), bad.problem()));
    }
    Picture picture = turn.of(((VideoDecoder.Shown) decoded).picture());
    CameraCalibration camera = calibrationFor(picture);
    if (picture.width() != camera.model().width() || picture.height() != camera.model().height()) {
      return new SourceItem.Refused(
          id,
          stamp,
          "%s: frame %d is %dx%d but its calibration is for %dx%d; give the right one with --camera"
              .formatted(
                  path,
                  id.sequence(),
                  picture.width(),
                  picture.height(),
                  camera.model().width(),
                  camera.model().height()));
    }
    return new SourceItem.Frame(new CameraFrame(id, stamp, camera, picture, null));
  }

  @Override
  public List<String> warnings() {
    List<String> all = new ArrayList<>(warnings);
    if (damaged > 0) {
      all.add("%s: %d frames are damaged and were skipped".formatted(path, damaged));
    }
    if (unstamped > 0) {
      all.add(
          "%s: %d frames have no time; taken as %.1f ms after the one before"
              .formatted(path, unstamped, periodNs / 1e6));
    }
    return List.copyOf(all);
  }

  @Override
  public void close() {
    ended = true;
    lookedAhead = null;
    decoder.close();
  }

  /** Decodes the first picture, so that a camera assumed for its size is announced at once. */
  private void lookAhead() {
    VideoDecoder.Decoded first = decoder.next();
    if (first == null) {
      decoder.close();
      throw new SourceException(
          "%s: holds no picture that can be decoded; it may be cut short".formatted(path));
    }
    lookedAhead = first;
    if (first instanceof VideoDecoder.Shown shown) {
      calibrationFor(turn.of(shown.picture()));
    }
  }

  private CameraCalibration calibrationFor(Picture picture) {
    CameraCalibration known = calibration != null ? calibration : options.calibration();
    if (known == null) {
      known = AssumedCamera.of(picture.width(), picture.height());
      warnings.add(AssumedCamera.warning(path.toString(), "a video has no calibration", known));
    }
    calibration = known;
    return known;
  }

  private Timestamp stampOf(VideoDecoder.Decoded decoded) {
    long stampNs = decoded.stampNs();
    if (stampNs == VideoDecoder.NO_STAMP) {
      stampNs = lastStampNs + periodNs;
      unstamped += decoded instanceof VideoDecoder.Shown ? 1 : 0;
    }
    lastStampNs = stampNs;
    return new Timestamp(stampNs);
  }

  private void end() {
    if (ended) {
      return;
    }
    ended = true;
    long announced = decoder.announcedFrames();
    String fault = decoder.readFault();
    if (fault != null || (announced > 0 && sequence < announced)) {
      warnings.add(
          "%s: ended after %d%s frames%s; it may be cut short"
              .formatted(
                  path,
                  sequence,
                  announced > 0 ? " of " + announced : "",
                  fault == null ? "" : " (" + fault + ")"));
    }
  }
}
