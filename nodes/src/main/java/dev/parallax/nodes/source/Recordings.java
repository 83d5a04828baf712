package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.CalibrationFormatException;
import dev.parallax.nodes.codec.CalibrationYaml;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.ScaleSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Opens a recording by what it is: a folder by its content, a file by its extension. */
public final class Recordings {
  private static final String FILES_UNDERSTOOD =
      "ROS 1 bags (.bag), MCAP (.mcap), rosbag2 (.db3, or its folder), video files (.mp4 .mkv .avi .mov) and folders of pictures";

  private static final Set<String> VIDEO_EXTENSIONS = Set.of("mp4", "mkv", "avi", "mov");

  private Recordings() {}

  /**
   * @throws SourceException if there is nothing there that can be read; the message is one line
   *     that names the path, what is wrong, and what is understood
   */
  public static FrameSource open(Path path, RecordingOptions options) {
    requireExists(path);
    FrameSource pictures = openPictures(path, options);
    if (options.withoutCalibration()) {
      pictures = new UncalibratedSource(pictures);
    }
    String speed = options.speed();
    if (speed != null) {
      pictures = new SpeedSource(pictures, SpeedReadings.of(path, speed));
    }
    return options.imu() == null
        ? pictures
        : new InertialSource(pictures, InertialReadings.of(path, options));
  }

  /**
   * Which sources of a metric scale a recording holds: depth with its first frame, a speed, an IMU.
   *
   * @param options with a depth, speed and IMU that are wanted if they are there
   */
  public static Set<ScaleSource> scaleSources(Path path, RecordingOptions options) {
    Set<ScaleSource> there = EnumSet.noneOf(ScaleSource.class);
    RecordingOptions pictures = options.withSpeed(null).withImu(null);
    addIf(there, ScaleSource.SENSOR_DEPTH, () -> hasDepth(path, pictures.withSensorDepth(true)));
    String speed = options.speed();
    if (speed != null) {
      addIf(there, ScaleSource.SPEED, () -> SpeedReadings.of(path, speed).log().size() > 0);
    }
    if (options.imu() != null) {
      addIf(there, ScaleSource.IMU, () -> InertialReadings.of(path, options).log().size() > 0);
    }
    return there;
  }

  /** One that is not there, or not told from others of its kind, is none. */
  private static void addIf(Set<ScaleSource> there, ScaleSource source, BooleanSupplier isThere) {
    try {
      if (isThere.getAsBoolean()) {
        there.add(source);
      }
    } catch (SourceException e) {
      there.remove(source);
    }
  }

  private static boolean hasDepth(Path path, RecordingOptions options) {
    try (FrameSource source = openPictures(path, options)) {
      SourceItem item = source.next();
      while (item instanceof SourceItem.Refused) {
        item = source.next();
      }
      return item instanceof SourceItem.Frame first && first.frame().sensorDepth() != null;
    }
  }

  private static FrameSource openPictures(Path path, RecordingOptions options) {
    if (Files.isDirectory(path) && !Bags.isBag(path)) {
      return FolderSource.open(path, options);
    }
    String extension = extension(path);
    if (Bags.isBag(path)) {
      return BagSource.open(path, options);
    }
    if (VIDEO_EXTENSIONS.contains(extension)) {
      return VideoSource.open(path, options);
    }
    throw notReadable(path, extension);
  }

  /**
   * The calibration in a ROS calibration YAML file.
   *
   * @throws SourceException in one line naming the file, the key and what is wrong
   */
  public static CameraCalibration calibration(Path yaml) {
    try {
      return new CameraCalibration(CalibrationYaml.read(yaml), CameraCalibration.Origin.GIVEN);
    } catch (CalibrationFormatException e) {
      throw new SourceException(String.valueOf(e.getMessage()), e);
    }
  }

  static void requireExists(Path path) {
    if (!Files.exists(path)) {
      throw new SourceException(
          "%s: no such file or folder; check the path. Understood are %s"
              .formatted(path, FILES_UNDERSTOOD));
    }
  }

  static SourceException notReadable(Path path, String extension) {
    return new SourceException(
        "%s: cannot read recordings of kind \"%s\"; understood are %s"
            .formatted(path, extension, FILES_UNDERSTOOD));
  }

  static String extension(Path path) {
    String name = String.valueOf(path.getFileName());
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }
}
