package dev.parallax.nodes.runtime.files;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;

/**
 * {@code trajectory.tum} and {@code trajectory_map.tum}: a line {@code stamp tx ty tz qx qy qz qw}
 * for each published pose, the camera's optical frame in odom or in the map.
 */
final class TrajectoryFile implements AutoCloseable {
  private static final int DIGITS = 9;

  private final GrowingFile file;

  private TrajectoryFile(GrowingFile file, String pose) {
    this.file = file;
    file.appendLine("# stamp tx ty tz qx qy qz qw: " + pose + " of the optical frame");
  }

  static TrajectoryFile inOdom(OutputFolder folder) {
    return new TrajectoryFile(folder.open("trajectory.tum"), "T_odom_cam");
  }

  /** Live poses with the loops closed so far. */
  static TrajectoryFile inMap(OutputFolder folder) {
    return new TrajectoryFile(folder.open("trajectory_map.tum"), "T_map_cam");
  }

  void append(Timestamp stamp, Se3 t) {
    StringBuilder line = new StringBuilder(stamp.toString());
    for (double length : new double[] {t.tx(), t.ty(), t.tz()}) {
      Decimals.appendFixed(line.append(' '), length, DIGITS);
    }
    for (double part : t.quaternion()) {
      Decimals.appendFixed(line.append(' '), part, DIGITS);
    }
    file.appendLine(line.toString());
  }

  @Override
  public void close() {
    file.close();
  }
}
