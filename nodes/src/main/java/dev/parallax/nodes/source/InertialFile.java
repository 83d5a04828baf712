package dev.parallax.nodes.source;

import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.scene.InertialSensor;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The {@code imu.txt} of a folder: a line a reading, {@code stamp wx wy wz ax ay az}, seconds,
 * rad/s and m/s2 (specific force) along the sensor's axes, and where it is known a comment {@code #
 * T_cam_imu tx ty tz qx qy qz qw} that says where the sensor sits in the camera's optical frame.
 */
public final class InertialFile {
  static final String NAME = "imu.txt";
  static final String MOUNT_COMMENT = "# T_cam_imu";

  private InertialFile() {}

  /**
   * @param folder of the sequence; the file must not be there yet
   */
  public static void write(Path folder, InertialSensor sensor) throws IOException {
    try (BufferedWriter writer = Files.newBufferedWriter(folder.resolve(NAME))) {
      Se3 T = sensor.T_cam_imu();
      double[] q = T.quaternion();
      writer.write(
          String.format(
              Locale.ROOT,
              "%s %.6f %.6f %.6f %.9f %.9f %.9f %.9f%n",
              MOUNT_COMMENT,
              T.tx(),
              T.ty(),
              T.tz(),
              q[0],
              q[1],
              q[2],
              q[3]));
      writer.write("# stamp wx wy wz (rad/s) ax ay az (m/s2, specific force)\n");
      for (int i = 0; i < sensor.count(); i++) {
        double[] w = sensor.gyroRadps(i);
        double[] a = sensor.accelMps2(i);
        writer.write(
            String.format(
                Locale.ROOT,
                "%s %.7f %.7f %.7f %.6f %.6f %.6f%n",
                sensor.stamp(i),
                w[0],
                w[1],
                w[2],
                a[0],
                a[1],
                a[2]));
      }
    }
  }

  /** Where the file says that the sensor sits; null where it does not. */
  static @Nullable Se3 mount(Path file, List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).trim();
      if (line.startsWith(MOUNT_COMMENT)) {
        double[] v = FolderFiles.numbers(file, i + 1, line.substring(MOUNT_COMMENT.length()), 7);
        return mount(v, "%s:%d".formatted(file, i + 1));
      }
    }
    return null;
  }

  /**
   * @param v {@code [7]} tx ty tz metres, qx qy qz qw
   * @param place where they are from, for a complaint
   */
  static Se3 mount(double[] v, String place) {
    try {
      return Se3.ofQuaternion(v[3], v[4], v[5], v[6], v[0], v[1], v[2]);
    } catch (IllegalArgumentException e) {
      throw new SourceException(
          "%s: T_cam_imu wants tx ty tz qx qy qz qw: %s".formatted(place, e.getMessage()), e);
    }
  }
}
