package dev.parallax.nodes.source;

import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.eval.StampedPose;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Microsoft 7-Scenes (Shotton et al. 2013): {@code frame-000000.color.png}, {@code .depth.png} in
 * millimetres, {@code .pose.txt} camera-to-world 4x4; a Kinect at 30 Hz with the published focal
 * length of 585. There are no stamps: the first frame is at 0.
 */
final class SevenScenesLayout implements FolderLayout {
  private static final Pattern COLOUR = Pattern.compile("frame-(\\d{1,9})\\.color\\.(png|jpg)");
  private static final long RATE_HZ = 30;
  private static final PinholeCamera CAMERA = new PinholeCamera(640, 480, 585, 585, 320, 240);

  @Override
  public String description() {
    return "7-Scenes (frame-000000.color.png, .depth.png, .pose.txt)";
  }

  @Override
  public boolean matches(Path folder) {
    return FolderFiles.list(folder).stream()
        .anyMatch(file -> COLOUR.matcher(String.valueOf(file.getFileName())).matches());
  }

  @Override
  public List<FolderFrame> frames(Path folder, Consumer<String> warnings) {
    List<FolderFrame> frames = new ArrayList<>();
    long first = -1;
    for (Path file : FolderFiles.list(folder)) {
      Matcher colour = COLOUR.matcher(String.valueOf(file.getFileName()));
      if (colour.matches()) {
        long number = Long.parseLong(colour.group(1));
        first = first < 0 ? number : first;
        Timestamp stamp = new Timestamp(Math.round((number - first) * 1e9 / RATE_HZ));
        Path depth = sibling(file, ".depth.png");
        frames.add(new FolderFrame(stamp, file, Files.exists(depth) ? depth : null));
      }
    }
    return frames;
  }

  @Override
  public CameraCalibration calibration(
      Path folder, List<FolderFrame> frames, Consumer<String> warnings) {
    return FolderFiles.calibration(folder)
        .orElseGet(() -> new CameraCalibration(CAMERA, CameraCalibration.Origin.GIVEN));
  }

  @Override
  public List<StampedPose> poses(Path folder, List<FolderFrame> frames) {
    List<StampedPose> poses = new ArrayList<>();
    for (FolderFrame frame : frames) {
      Path file = sibling(frame.picture(), ".pose.txt");
      if (Files.exists(file)) {
        poses.add(new StampedPose(frame.stamp(), pose(file)));
      }
    }
    return poses;
  }

  private static Se3 pose(Path file) {
    List<String> lines = FolderFiles.lines(file);
    if (lines.size() < 3) {
      throw new SourceException(file + ": expected a 4x4 matrix; restore it");
    }
    double[] rotation = new double[9];
    double[] translation = new double[3];
    for (int row = 0; row < 3; row++) {
      double[] values = FolderFiles.numbers(file, row + 1, lines.get(row), 4);
      System.arraycopy(values, 0, rotation, 3 * row, 3);
      translation[row] = values[3];
    }
    try {
      return Se3.of(rotation, translation);
    } catch (IllegalArgumentException e) {
      throw new SourceException("%s: %s; restore it".formatted(file, e.getMessage()), e);
    }
  }

  private static Path sibling(Path colour, String suffix) {
    String name = String.valueOf(colour.getFileName());
    return colour.resolveSibling(name.substring(0, name.indexOf('.')) + suffix);
  }
}
