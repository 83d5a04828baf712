package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.CalibrationFormatException;
import dev.parallax.nodes.codec.YamlTree;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.CameraModels;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.eval.StampedPose;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * EuRoC ASL (Burri et al. 2016): {@code mav0/cam0/data.csv} lists {@code stamp_ns,file} of {@code
 * mav0/cam0/data/}, {@code mav0/cam0/sensor.yaml} has the calibration and the camera's pose in the
 * body, {@code mav0/state_groundtruth_estimate0/data.csv} the body's pose in the world. The left
 * camera is played.
 */
final class EurocLayout implements FolderLayout {
  @Override
  public String description() {
    return "EuRoC ASL (mav0/cam0/data.csv, mav0/cam0/sensor.yaml)";
  }

  @Override
  public boolean matches(Path folder) {
    return Files.isRegularFile(cam0(folder).resolve("data.csv"));
  }

  @Override
  public List<FolderFrame> frames(Path folder, Consumer<String> warnings) {
    Path list = cam0(folder).resolve("data.csv");
    List<FolderFrame> frames = new ArrayList<>();
    List<String> lines = FolderFiles.lines(list);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).trim();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int comma = line.indexOf(',');
      try {
        Timestamp stamp = new Timestamp(Long.parseLong(line.substring(0, Math.max(comma, 0))));
        Path picture = cam0(folder).resolve("data").resolve(line.substring(comma + 1).trim());
        frames.add(new FolderFrame(stamp, picture, null));
      } catch (IllegalArgumentException e) {
        warnings.accept(
            "%s:%d: not a stamp and a file; the line is left out".formatted(list, i + 1));
      }
    }
    return frames;
  }

  @Override
  public CameraCalibration calibration(
      Path folder, List<FolderFrame> frames, Consumer<String> warnings) {
    Path file = cam0(folder).resolve("sensor.yaml");
    try {
      YamlTree yaml = YamlTree.read(file);
      double[] size = yaml.numbers("resolution", 2);
      double[] k = yaml.numbers("intrinsics", 4); // fu fv cu cv
      double[] d = yaml.numbers("distortion_coefficients");
      String model = yaml.text("distortion_model");
      try {
        return new CameraCalibration(
            CameraModels.fromRos(
                model.equals("radial-tangential") ? "plumb_bob" : model,
                (int) size[0],
                (int) size[1],
                new double[] {k[0], 0, k[2], 0, k[1], k[3], 0, 0, 1},
                d),
            CameraCalibration.Origin.GIVEN);
      } catch (IllegalArgumentException e) {
        throw yaml.complaint(String.valueOf(e.getMessage()), e);
      }
    } catch (CalibrationFormatException e) {
      throw new SourceException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public List<StampedPose> poses(Path folder, List<FolderFrame> frames) {
    Path file = mav0(folder).resolve("state_groundtruth_estimate0").resolve("data.csv");
    if (!Files.exists(file)) {
      return List.of();
    }
    Se3 T_body_cam = EurocInertial.T_body_sensor(cam0(folder).resolve("sensor.yaml"));
    List<StampedPose> poses = new ArrayList<>();
    List<String> lines = FolderFiles.lines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).trim();
      if (!line.isEmpty() && !line.startsWith("#")) {
        poses.add(bodyPose(file, i + 1, line, T_body_cam));
      }
    }
    return poses;
  }

  /** A line {@code stamp_ns, p x y z, q w x y z, ...}; what follows is not needed. */
  private static StampedPose bodyPose(Path file, int lineNumber, String line, Se3 T_body_cam) {
    String[] fields = line.split(",", 9);
    if (fields.length < 8) {
      throw new SourceException(
          "%s:%d: expected a stamp and a pose, got %d values; restore it"
              .formatted(file, lineNumber, fields.length));
    }
    try {
      double[] v = new double[7];
      for (int k = 0; k < 7; k++) {
        v[k] = Double.parseDouble(fields[k + 1]);
      }
      Se3 T_world_body = Se3.ofQuaternion(v[4], v[5], v[6], v[3], v[0], v[1], v[2]);
      return new StampedPose(
          new Timestamp(Long.parseLong(fields[0].trim())), T_world_body.times(T_body_cam));
    } catch (IllegalArgumentException e) {
      throw new SourceException(
          "%s:%d: not a pose (%s); restore it".formatted(file, lineNumber, e.getMessage()), e);
    }
  }

  /** The folder itself may be {@code mav0}. */
  static Path mav0(Path folder) {
    Path inside = folder.resolve("mav0");
    return Files.isDirectory(inside) ? inside : folder;
  }

  private static Path cam0(Path folder) {
    return mav0(folder).resolve("cam0");
  }
}
