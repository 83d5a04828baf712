package dev.parallax.nodes.source;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.eval.StampedPose;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads and writes trajectories in the TUM format: a line a pose, {@code stamp tx ty tz qx qy qz
 * qw}, seconds and metres; lines that start with {@code #} are comments.
 */
public final class TumTrajectory {
  private TumTrajectory() {}

  /**
   * The poses in the order of the file.
   *
   * @throws SourceException if the file cannot be read, a line is not a pose, or stamps go back
   */
  public static List<StampedPose> read(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      throw new SourceException(file + ": not a text file; expected a TUM trajectory", e);
    } catch (IOException e) {
      throw new SourceException("%s: cannot be read (%s)".formatted(file, e), e);
    }
    List<StampedPose> poses = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).trim();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      StampedPose pose = parse(file, i + 1, line);
      if (!poses.isEmpty() && !pose.stamp().isAfter(poses.get(poses.size() - 1).stamp())) {
        throw new SourceException(
            "%s:%d: stamp %s is not after the one before; sort the file by time"
                .formatted(file, i + 1, pose.stamp()));
      }
      poses.add(pose);
    }
    return poses;
  }

  /** One line of such a file, without its end; read back it is the same pose to a nanometre. */
  public static String line(StampedPose pose) {
    Se3 T = pose.T_world_cam();
    double[] q = T.quaternion();
    return String.format(
        Locale.ROOT,
        "%s %.9f %.9f %.9f %.12f %.12f %.12f %.12f",
        pose.stamp(),
        T.tx(),
        T.ty(),
        T.tz(),
        q[0],
        q[1],
        q[2],
        q[3]);
  }

  private static StampedPose parse(Path file, int lineNumber, String line) {
    String[] fields = line.split("[\\s,]+");
    try {
      if (fields.length < 8) {
        throw new IllegalArgumentException(fields.length + " values");
      }
      double[] v = new double[7];
      for (int k = 0; k < 7; k++) {
        v[k] = Double.parseDouble(fields[k + 1]);
      }
      Se3 pose = Se3.ofQuaternion(v[3], v[4], v[5], v[6], v[0], v[1], v[2]);
      if (!pose.isFinite()) {
        throw new IllegalArgumentException("a value that is not finite");
      }
      return new StampedPose(Timestamp.parseSeconds(fields[0]), pose);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new SourceException(
          "%s:%d: not a pose (%s); expected: stamp tx ty tz qx qy qz qw"
              .formatted(file, lineNumber, e.getMessage()),
          e);
    }
  }
}
