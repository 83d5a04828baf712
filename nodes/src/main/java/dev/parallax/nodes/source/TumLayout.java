package dev.parallax.nodes.source;

import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.BrownConradyCamera;
import dev.parallax.perception.geometry.CameraModel;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.sim.eval.StampedPose;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * TUM RGB-D (Sturm et al. 2012): {@code rgb.txt} and {@code depth.txt} list {@code stamp file}, and
 * {@code groundtruth.txt} the camera's poses. Depth has 5000 units to a metre unless a comment
 * {@code # depth_units_per_m: N} in {@code depth.txt} says otherwise. Simulated sequences come in
 * this layout too, see {@link SequenceFolderWriter}.
 */
final class TumLayout implements FolderLayout {
  static final String DEPTH_UNITS_COMMENT = "# depth_units_per_m:";
  static final double DEFAULT_DEPTH_UNITS_PER_M = 5000;

  /** How far apart a picture and its depth may be taken, as in the data set's own tools. */
  private static final long MAX_DEPTH_OFFSET_NANOS = 20_000_000;

  private static final Pattern TUM_CAMERA =
      Pattern.compile(
          "(?:^|[/\\\\_-])(?:freiburg|fr)([123])(?=[/\\\\_-]|$)", Pattern.CASE_INSENSITIVE);

  private record Listed(Timestamp stamp, Path file) {}

  @Override
  public String description() {
    return "TUM RGB-D (rgb.txt, depth.txt, groundtruth.txt)";
  }

  @Override
  public boolean matches(Path folder) {
    return Files.isRegularFile(folder.resolve("rgb.txt"));
  }

  @Override
  public List<FolderFrame> frames(Path folder, Consumer<String> warnings) {
    NavigableMap<Timestamp, Path> depths = new TreeMap<>();
    if (Files.exists(folder.resolve("depth.txt"))) {
      for (Listed depth : listed(folder.resolve("depth.txt"), warnings)) {
        depths.put(depth.stamp(), depth.file());
      }
    }
    List<FolderFrame> frames = new ArrayList<>();
    for (Listed picture : listed(folder.resolve("rgb.txt"), warnings)) {
      frames.add(
          new FolderFrame(picture.stamp(), picture.file(), nearest(depths, picture.stamp())));
    }
    return frames;
  }

  @Override
  public CameraCalibration calibration(
      Path folder, List<FolderFrame> frames, Consumer<String> warnings) {
    return FolderFiles.calibration(folder).orElseGet(() -> published(folder));
  }

  @Override
  public List<StampedPose> poses(Path folder, List<FolderFrame> frames) {
    Path file = folder.resolve("groundtruth.txt");
    return Files.exists(file) ? TumTrajectory.read(file) : List.of();
  }

  @Override
  public double depthUnitsPerM(Path folder) {
    Path file = folder.resolve("depth.txt");
    if (!Files.exists(file)) {
      return DEFAULT_DEPTH_UNITS_PER_M;
    }
    List<String> lines = FolderFiles.lines(file);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(DEPTH_UNITS_COMMENT)) {
        String value = lines.get(i).substring(DEPTH_UNITS_COMMENT.length());
        double units = FolderFiles.numbers(file, i + 1, value, 1)[0];
        if (units > 0) {
          return units;
        }
        throw new SourceException(
            "%s:%d: depth units to a metre must be positive".formatted(file, i + 1));
      }
    }
    return DEFAULT_DEPTH_UNITS_PER_M;
  }

  /** The calibrations published with the data set, colour camera, by the name of the folder. */
  private static CameraCalibration published(Path folder) {
    Matcher name = TUM_CAMERA.matcher(folder.toAbsolutePath().normalize().toString());
    if (!name.find()) {
      throw new SourceException(
          ("%s: has no camera.yaml and its name tells of no TUM camera (freiburg1, freiburg2,"
                  + " freiburg3); put its camera.yaml there or give one with --camera")
              .formatted(folder));
    }
    CameraModel model =
        switch (name.group(1)) {
          case "1" ->
              BrownConradyCamera.plumbBob(
                  new PinholeCamera(640, 480, 517.3, 516.5, 318.6, 255.3),
                  0.2624,
                  -0.9531,
                  -0.0054,
                  0.0026,
                  1.1633);
          case "2" ->
              BrownConradyCamera.plumbBob(
                  new PinholeCamera(640, 480, 520.9, 521.0, 325.1, 249.7),
                  0.2312,
                  -0.7849,
                  -0.0033,
                  -0.0001,
                  0.9172);
          default -> new PinholeCamera(640, 480, 535.4, 539.2, 320.1, 247.6);
        };
    return new CameraCalibration(model, CameraCalibration.Origin.GIVEN);
  }

  private static List<Listed> listed(Path list, Consumer<String> warnings) {
    List<Listed> entries = new ArrayList<>();
    List<String> lines = FolderFiles.lines(list);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).trim();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] fields = line.split("\\s+", 2);
      try {
        if (fields.length < 2) {
          throw new IllegalArgumentException(line);
        }
        entries.add(new Listed(Timestamp.parseSeconds(fields[0]), list.resolveSibling(fields[1])));
      } catch (IllegalArgumentException | ArithmeticException e) {
        warnings.accept(
            "%s:%d: not a stamp and a file; the line is left out".formatted(list, i + 1));
      }
    }
    return entries;
  }

  private static @Nullable Path nearest(NavigableMap<Timestamp, Path> depths, Timestamp stamp) {
    Map.Entry<Timestamp, Path> before = depths.floorEntry(stamp);
    Map.Entry<Timestamp, Path> after = depths.ceilingEntry(stamp);
    long back = before == null ? Long.MAX_VALUE : stamp.nanos() - before.getKey().nanos();
    long ahead = after == null ? Long.MAX_VALUE : after.getKey().nanos() - stamp.nanos();
    Map.Entry<Timestamp, Path> closest = back <= ahead ? before : after;
    boolean near = Math.min(back, ahead) <= MAX_DEPTH_OFFSET_NANOS;
    return near && closest != null ? closest.getValue() : null;
  }
}
