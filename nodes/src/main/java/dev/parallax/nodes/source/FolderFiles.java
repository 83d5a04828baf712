package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.EncodedPicture;
import dev.parallax.nodes.codec.Image16;
import dev.parallax.nodes.codec.ImageCodec;
import dev.parallax.nodes.codec.ImageFormatException;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the files that folder layouts are made of; every complaint names the file. */
final class FolderFiles {
  private static final Set<String> PICTURE_EXTENSIONS = Set.of("png", "jpg", "jpeg");
  private static final ImageCodec CODEC = new ImageCodec();

  private FolderFiles() {}

  /** A file that is damaged or gone; the message is one line with the file and the remedy. */
  static final class UnreadableFile extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableFile(String message, Throwable cause) {
      super(message, cause);
    }
  }

  static Picture picture(Path file) throws UnreadableFile {
    return picture(file, encoded(file));
  }

  /** The file as it is; {@link #picture(Path, EncodedPicture)} tells whether it is a picture. */
  static EncodedPicture encoded(Path file) throws UnreadableFile {
    try {
      String extension = Recordings.extension(file);
      return new EncodedPicture(
          extension.equals("jpg") ? "jpeg" : extension, Files.readAllBytes(file));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  static Picture picture(Path file, EncodedPicture encoded) throws UnreadableFile {
    try {
      return CODEC.decode(encoded.data());
    } catch (ImageFormatException e) {
      throw unreadable(file, e);
    }
  }

  static Image16 image16(Path file) throws UnreadableFile {
    try {
      return CODEC.decode16(Files.readAllBytes(file));
    } catch (IOException | ImageFormatException e) {
      throw unreadable(file, e);
    }
  }

  static UnreadableFile unreadable(Path file, Exception e) {
    String wrong;
    if (e instanceof NoSuchFileException) {
      wrong = "listed, but there is no such file";
    } else if (e instanceof IOException) {
      wrong = "cannot be read (%s)".formatted(e);
    } else {
      wrong = String.valueOf(e.getMessage());
    }
    return new UnreadableFile(
        "%s: %s; restore it from the original recording".formatted(file, wrong), e);
  }

  /** What a folder holds, in natural order: {@code 9.png} before {@code 10.png}. */
  static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted(NaturalOrder.OF_PATHS).toList();
    } catch (IOException e) {
      throw new SourceException("%s: cannot be listed (%s)".formatted(folder, e), e);
    }
  }

  /** The PNG and JPEG files in a folder, in natural order. */
  static List<Path> pictures(Path folder) {
    return list(folder).stream()
        .filter(file -> PICTURE_EXTENSIONS.contains(Recordings.extension(file)))
        .toList();
  }

  static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      throw new SourceException(file + ": no such file; restore it from the original recording", e);
    } catch (CharacterCodingException e) {
      throw new SourceException(file + ": not a text file; restore it", e);
    } catch (IOException e) {
      throw new SourceException("%s: cannot be read (%s)".formatted(file, e), e);
    }
  }

  /**
   * The numbers of a line of text.
   *
   * @throws SourceException naming file and line if one is not a finite number or they are not
   *     {@code count}
   */
  static double[] numbers(Path file, int lineNumber, String line, int count) {
    String[] fields = line.trim().split("[\\s,]+", -1);
    double[] values = new double[fields.length];
    try {
      Arrays.setAll(values, i -> Double.parseDouble(fields[i]));
    } catch (NumberFormatException e) {
      throw new SourceException(
          "%s:%d: holds something other than numbers (%s); restore it"
              .formatted(file, lineNumber, e.getMessage()),
          e);
    }
    if (values.length != count || !Arrays.stream(values).allMatch(Double::isFinite)) {
      throw new SourceException(
          "%s:%d: expected %d finite numbers, got %d values; restore it"
              .formatted(file, lineNumber, count, values.length));
    }
    return values;
  }

  /**
   * A stamp in decimal seconds, exact to the nanosecond.
   *
   * @throws SourceException naming file and line if it is none
   */
  static Timestamp stamp(Path file, int lineNumber, String line) {
    try {
      return Timestamp.parseSeconds(line);
    } catch (NumberFormatException | ArithmeticException e) {
      throw new SourceException(
          "%s:%d: not a stamp in seconds; restore it".formatted(file, lineNumber), e);
    }
  }

  /** {@code camera.yaml} of the folder, where it has one. */
  static Optional<CameraCalibration> calibration(Path folder) {
    Path file = folder.resolve("camera.yaml");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    return Optional.of(Recordings.calibration(file));
  }

  /**
   * The first picture that can be read, to learn the size of all.
   *
   * @throws SourceException if none can
   */
  static Picture firstPicture(Path folder, List<FolderFrame> frames) {
    for (FolderFrame frame : frames) {
      try {
        return picture(frame.picture());
      } catch (UnreadableFile e) {
        // The next may do; this one is counted when it is played.
      }
    }
    throw new SourceException(
        "%s: none of its %d pictures can be read; restore them from the original recording"
            .formatted(folder, frames.size()));
  }
}
