package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.EncodedPicture;
import dev.parallax.nodes.codec.FieldImages;
import dev.parallax.nodes.codec.ImageFormatException;
import dev.parallax.nodes.source.FolderFiles.UnreadableFile;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.Picture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Plays the pictures of a folder, whatever its layout, one at a time. */
final class FolderSource implements FrameSource {
  private final Path folder;
  private final RecordingOptions options;
  private final List<FolderFrame> frames;
  private final CameraCalibration calibration;
  private final double depthUnitsPerM;
  private final List<String> warnings = new ArrayList<>();
  private int next;
  private int depthLost;
  private @Nullable String firstDepthLost;

  private FolderSource(Path folder, FolderLayout layout, RecordingOptions options) {
    this.folder = folder;
    this.options = options;
    this.frames = layout.frames(folder, warnings::add);
    if (frames.isEmpty()) {
      throw new SourceException(
          "%s: holds no pictures; expected %s".formatted(folder, layout.description()));
    }
    CameraCalibration given = options.calibration();
    this.calibration = given != null ? given : layout.calibration(folder, frames, warnings::add);
    this.depthUnitsPerM = options.depthUnitsPerM().orElseGet(() -> layout.depthUnitsPerM(folder));
    warnAboutMissingDepth();
  }

  /**
   * @throws SourceException if the folder is in no known layout or its index is damaged
   */
  static FolderSource open(Path folder, RecordingOptions options) {
    return new FolderSource(folder, FolderLayouts.of(folder), options);
  }

  @Override
  public String name() {
    return folder.toString();
  }

  @Override
  public OptionalLong frameCount() {
    return OptionalLong.of(frames.size());
  }

  @Override
  public @Nullable SourceItem next() {
    if (next == frames.size()) {
      return null;
    }
    FolderFrame frame = frames.get(next);
    FrameId id = new FrameId(options.camera(), next++);
    try {
      EncodedPicture encoded = FolderFiles.encoded(frame.picture());
      Picture picture = FolderFiles.picture(frame.picture(), encoded);
      if (picture.width() != calibration.model().width()
          || picture.height() != calibration.model().height()) {
        return new SourceItem.Refused(id, frame.stamp(), wrongSize(frame, picture));
      }
      return new SourceItem.Frame(
          new CameraFrame(id, frame.stamp(), calibration, picture, sensorDepth(frame)), encoded);
    } catch (UnreadableFile e) {
      return new SourceItem.Refused(id, frame.stamp(), String.valueOf(e.getMessage()));
    }
  }

  @Override
  public List<String> warnings() {
    List<String> all = new ArrayList<>(warnings);
    if (depthLost > 0) {
      all.add(
          "%s: %d depth pictures could not be read and their frames go without; the first: %s"
              .formatted(folder, depthLost, firstDepthLost));
    }
    return List.copyOf(all);
  }

  @Override
  public void close() {
    // Nothing is held open between frames.
  }

  /** The recording does not say how good its depth is, so its std is unknown. */
  private @Nullable DepthMap sensorDepth(FolderFrame frame) {
    Path file = frame.depth();
    if (file == null || !options.withSensorDepth()) {
      return null;
    }
    try {
      return FieldImages.depth(FolderFiles.image16(file), depthUnitsPerM, Float.NaN);
    } catch (UnreadableFile | ImageFormatException e) {
      if (depthLost++ == 0) {
        firstDepthLost =
            e instanceof UnreadableFile ? e.getMessage() : file + ": " + e.getMessage();
      }
      return null;
    }
  }

  private void warnAboutMissingDepth() {
    long without = frames.stream().filter(frame -> frame.depth() == null).count();
    if (options.withSensorDepth() && without > 0) {
      warnings.add(
          "%s: sensor depth was asked for, but %d of %d pictures have none"
              .formatted(folder, without, frames.size()));
    }
  }

  private String wrongSize(FolderFrame frame, Picture picture) {
    return "%s: is %dx%d but its calibration is for %dx%d; give the right one with --camera"
        .formatted(
            frame.picture(),
            picture.width(),
            picture.height(),
            calibration.model().width(),
            calibration.model().height());
  }
}
