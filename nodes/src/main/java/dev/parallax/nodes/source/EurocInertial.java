package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.CalibrationFormatException;
import dev.parallax.nodes.codec.YamlTree;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The inertial sensor of the EuRoC layout (Burri et al. 2016): {@code mav0/imu0/data.csv} has lines
 * {@code stamp_ns,wx,wy,wz,ax,ay,az}, both {@code sensor.yaml} the sensors' poses in the body.
 */
final class EurocInertial {
  private EurocInertial() {}

  static boolean isIn(Path folder) {
    return Files.isRegularFile(list(folder));
  }

  /**
   * @param given where the sensor sits, over what the folder says; null to use that
   */
  static InertialReadings read(Path folder, @Nullable Se3 given) {
    Path file = list(folder);
    InertialLog log = new InertialLog(Integer.MAX_VALUE);
    List<String> lines = FolderFiles.lines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).trim();
      if (!line.isEmpty() && !line.startsWith("#")) {
        add(log, file, i + 1, line.split("\\s*,\\s*"));
      }
    }
    Se3 mount = given;
    if (mount == null) {
      Se3 T_body_cam = T_body_sensor(EurocLayout.mav0(folder).resolve("cam0/sensor.yaml"));
      Se3 T_body_imu = T_body_sensor(EurocLayout.mav0(folder).resolve("imu0/sensor.yaml"));
      mount = T_body_cam.inverse().times(T_body_imu);
    }
    return new InertialReadings(
        log, mount, InertialReadings.oddities(file.toString(), log, null, 0));
  }

  private static void add(InertialLog log, Path file, int lineNumber, String[] fields) {
    double[] v = fields.length == 7 ? InertialReadings.numbers(fields) : null;
    try {
      if (v != null) {
        log.add(
            new Timestamp(Long.parseLong(fields[0])),
            new double[] {v[0], v[1], v[2]},
            new double[] {v[3], v[4], v[5]});
        return;
      }
    } catch (NumberFormatException e) {
      // Said below with the other ways in which a line can be wrong.
    }
    throw new SourceException(
        "%s:%d: expected stamp_ns,wx,wy,wz,ax,ay,az; restore it".formatted(file, lineNumber));
  }

  /** The pose in the body that a EuRoC {@code sensor.yaml} tells. */
  static Se3 T_body_sensor(Path sensorYaml) {
    try {
      YamlTree yaml = YamlTree.read(sensorYaml);
      double[] m = yaml.child("T_BS").numbers("data", 16);
      try {
        return Se3.of(
            new double[] {m[0], m[1], m[2], m[4], m[5], m[6], m[8], m[9], m[10]},
            new double[] {m[3], m[7], m[11]});
      } catch (IllegalArgumentException e) {
        throw yaml.complaint("T_BS: " + e.getMessage(), e);
      }
    } catch (CalibrationFormatException e) {
      throw new SourceException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Path list(Path folder) {
    return EurocLayout.mav0(folder).resolve("imu0").resolve("data.csv");
  }
}
