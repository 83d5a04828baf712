package dev.parallax.nodes.source;

import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.eval.StampedPose;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * KITTI odometry (Geiger et al. 2012): rectified left pictures, {@code calib.txt} with the 3x4
 * projection matrices P0.. of the rectified cameras, {@code times.txt} with a stamp a line, and
 * {@code poses.txt} with a 3x4 pose of camera 0 a line. Pictures are named by their line.
 */
final class KittiLayout implements FolderLayout {
  private static final List<String> LEFT_CAMERAS = List.of("image_0", "image_2"); // grey, colour

  /** Two cameras with less between them are one in two colours. */
  private static final double MIN_BASELINE_M = 0.01;

  @Override
  public String description() {
    return "KITTI odometry (image_0/ or image_2/, calib.txt, times.txt, poses.txt)";
  }

  @Override
  public boolean matches(Path folder) {
    return LEFT_CAMERAS.stream().anyMatch(name -> Files.isDirectory(folder.resolve(name)));
  }

  @Override
  public List<FolderFrame> frames(Path folder, Consumer<String> warnings) {
    List<Path> pictures = FolderFiles.pictures(pictureFolder(folder));
    Path timesFile = folder.resolve("times.txt");
    List<String> times = FolderFiles.lines(timesFile);
    List<FolderFrame> frames = new ArrayList<>();
    for (Path picture : pictures) {
      int line = lineOf(picture);
      if (line >= times.size()) {
        throw new SourceException(
            "%s: has %d lines, none for %s; restore it from the original recording"
                .formatted(timesFile, times.size(), picture));
      }
      Timestamp stamp = FolderFiles.stamp(timesFile, line + 1, times.get(line));
      frames.add(new FolderFrame(stamp, picture, null));
    }
    return frames;
  }

  @Override
  public CameraCalibration calibration(
      Path folder, List<FolderFrame> frames, Consumer<String> warnings) {
    double[] p = projection(folder);
    Picture first = FolderFiles.firstPicture(folder, frames); // calib.txt does not say the size
    try {
      return new CameraCalibration(
          new PinholeCamera(first.width(), first.height(), p[0], p[5], p[2], p[6]),
          CameraCalibration.Origin.GIVEN);
    } catch (IllegalArgumentException e) {
      throw new SourceException(
          "%s: %s; restore it".formatted(folder.resolve("calib.txt"), e.getMessage()), e);
    }
  }

  @Override
  public List<StampedPose> poses(Path folder, List<FolderFrame> frames) {
    Path file = folder.resolve("poses.txt");
    if (!Files.exists(file)) {
      return List.of();
    }
    List<String> lines = FolderFiles.lines(file);
    Se3 T_cam0_cam = T_cam0_cam(projection(folder));
    List<StampedPose> poses = new ArrayList<>();
    for (FolderFrame frame : frames) {
      int line = lineOf(frame.picture());
      if (line < lines.size()) {
        double[] m = FolderFiles.numbers(file, line + 1, lines.get(line), 12);
        poses.add(new StampedPose(frame.stamp(), pose(file, line + 1, m).times(T_cam0_cam)));
      }
    }
    return poses;
  }

  /** Camera 1 beside 0, or 3 beside 2, where its pictures and its row of the calibration are. */
  @Override
  public Optional<StereoRig> stereo(Path folder) {
    int left = leftCamera(folder);
    Path rightFolder = folder.resolve("image_" + (left + 1));
    Optional<double[]> right = row(folder, left + 1);
    if (!Files.isDirectory(rightFolder) || right.isEmpty()) {
      return Optional.empty();
    }
    double baselineM = T_cam0_cam(right.get()).tx() - T_cam0_cam(projection(folder)).tx();
    return baselineM < MIN_BASELINE_M
        ? Optional.empty()
        : Optional.of(new StereoRig(rightFolder, baselineM));
  }

  private static Se3 pose(Path file, int lineNumber, double[] m) {
    try {
      return Se3.of(
          new double[] {m[0], m[1], m[2], m[4], m[5], m[6], m[8], m[9], m[10]},
          new double[] {m[3], m[7], m[11]});
    } catch (IllegalArgumentException e) {
      throw new SourceException("%s:%d: %s".formatted(file, lineNumber, e.getMessage()), e);
    }
  }

  /** The fourth column of P is K t with x_cam = x_cam0 + t. */
  private static Se3 T_cam0_cam(double[] p) {
    double z = p[11];
    double x = (p[3] - p[2] * z) / p[0];
    double y = (p[7] - p[6] * z) / p[5];
    return Se3.ofTranslation(-x, -y, -z);
  }

  private static int leftCamera(Path folder) {
    return pictureFolder(folder).endsWith("image_2") ? 2 : 0;
  }

  private static double[] projection(Path folder) {
    int camera = leftCamera(folder);
    return row(folder, camera)
        .orElseThrow(
            () ->
                new SourceException(
                    "%s: has no row P%d; restore it from the original recording"
                        .formatted(folder.resolve("calib.txt"), camera)));
  }

  /** The row of {@code calib.txt} for a camera; rows may be labelled {@code P0:} or not. */
  private static Optional<double[]> row(Path folder, int camera) {
    Path file = folder.resolve("calib.txt");
    List<String> lines = FolderFiles.lines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).trim();
      int colon = line.indexOf(':');
      boolean wanted = colon < 0 ? i == camera : line.substring(0, colon).equals("P" + camera);
      if (wanted && !line.isEmpty()) {
        return Optional.of(FolderFiles.numbers(file, i + 1, line.substring(colon + 1), 12));
      }
    }
    return Optional.empty();
  }

  private static Path pictureFolder(Path folder) {
    for (String name : LEFT_CAMERAS) {
      if (Files.isDirectory(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    throw new SourceException(folder + ": has neither image_0 nor image_2");
  }

  private static int lineOf(Path picture) {
    String name = String.valueOf(picture.getFileName());
    String number = name.substring(0, name.lastIndexOf('.'));
    try {
      return Integer.parseUnsignedInt(number);
    } catch (NumberFormatException e) {
      throw new SourceException(
          picture + ": KITTI pictures are named by number, as 000000.png; remove or rename it", e);
    }
  }
}
