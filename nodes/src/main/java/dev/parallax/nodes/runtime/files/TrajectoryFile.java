package dev.parallax.nodes.runtime.files;

import dev.parallax.perception.frame.PoseEstimate;
import dev.parallax.perception.geometry.Se3;
import java.util.Locale;

/**
 * {@code trajectory.tum}: a line {@code stamp tx ty tz qx qy qz qw} for each published pose, the
 * camera's optical frame in odom.
 */
final class TrajectoryFile implements AutoCloseable {
  private final GrowingFile file;

  TrajectoryFile(OutputFolder folder) {
    file = folder.open("trajectory.tum");
    file.appendLine("# stamp tx ty tz qx qy qz qw: T_odom_cam of the optical frame");
  }

  void append(PoseEstimate pose) {
    Se3 t = pose.T_odom_cam();
    double[] q = t.quaternion();
    file.appendLine(
        String.format(
            Locale.ROOT,
            "%s %.9f %.9f %.9f %.9f %.9f %.9f %.9f",
            pose.stamp(),
            t.tx(),
            t.ty(),
            t.tz(),
            q[0],
            q[1],
            q[2],
            q[3]));
  }

  @Override
  public void close() {
    file.close();
  }
}
