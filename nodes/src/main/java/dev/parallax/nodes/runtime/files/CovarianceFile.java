package dev.parallax.nodes.runtime.files;

import dev.parallax.perception.frame.PoseEstimate;

/**
 * {@code pose_covariance.csv}: for each published pose its stamp and the upper triangle of its
 * covariance, row by row: (x y z, rotation x y z), left perturbation in odom, units of the
 * trajectory and radians.
 */
final class CovarianceFile implements AutoCloseable {
  static final String NAME = "pose_covariance.csv";

  private static final String[] AXES = {"x", "y", "z", "rx", "ry", "rz"};

  private final GrowingFile file;

  CovarianceFile(OutputFolder folder) {
    file = folder.open(NAME);
    StringBuilder header = new StringBuilder("stamp");
    for (int i = 0; i < 6; i++) {
      for (int j = i; j < 6; j++) {
        header.append(',').append(AXES[i]).append('_').append(AXES[j]);
      }
    }
    file.appendLine(header.toString());
  }

  void append(PoseEstimate pose) {
    StringBuilder line = new StringBuilder(pose.stamp().toString());
    for (int i = 0; i < 6; i++) {
      for (int j = i; j < 6; j++) {
        Decimals.appendScientific(line.append(','), pose.covariance()[6 * i + j]);
      }
    }
    file.appendLine(line.toString());
  }

  @Override
  public void close() {
    file.close();
  }
}
