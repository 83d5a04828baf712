package dev.parallax.sim.eval.odometry;

import dev.parallax.perception.geometry.RigidAlignment;
import dev.parallax.perception.geometry.Se3;
import java.util.List;

/**
 * Absolute trajectory error: the RMSE of the positions after the best alignment of the whole path
 * (Umeyama 1991; Sturm et al. 2012).
 *
 * @param kind what the alignment may change
 * @param scale the estimate is multiplied by this; 1 for {@link Alignment#SE3}
 * @param rmseM the ATE
 * @param maxM the largest distance
 * @param errorM {@code [n]} distance at each pair, metres
 * @param alignedM {@code [n 3]} estimated positions in the true world, metres
 */
public record TrajectoryError(
    Alignment kind, double scale, double rmseM, double maxM, double[] errorM, double[] alignedM) {

  /** What an alignment may change. */
  public enum Alignment {
    /** Rotation and translation: judges shape and scale. */
    SE3,
    /** Rotation, translation and scale: judges shape. */
    SIM3
  }

  /**
   * @param pairs at least 3
   * @throws IllegalArgumentException if there are fewer, or a position is not finite
   */
  public static TrajectoryError of(List<PosePair> pairs, Alignment kind) {
    if (pairs.size() < 3) {
      throw new IllegalArgumentException(
          "An alignment needs at least 3 poses with a true one, got " + pairs.size());
    }
    double[] estimate = positions(pairs.stream().map(PosePair::T_odom_cam).toList());
    double[] truth = positions(pairs.stream().map(PosePair::T_world_cam).toList());
    RigidAlignment.Fit alignment = align(estimate, truth, kind);
    double[] aligned = new double[estimate.length];
    double[] error = new double[pairs.size()];
    double sum = 0;
    double max = 0;
    for (int i = 0; i < error.length; i++) {
      double[] p = alignment.apply(estimate[3 * i], estimate[3 * i + 1], estimate[3 * i + 2]);
      System.arraycopy(p, 0, aligned, 3 * i, 3);
      double dx = p[0] - truth[3 * i];
      double dy = p[1] - truth[3 * i + 1];
      double dz = p[2] - truth[3 * i + 2];
      double squared = dx * dx + dy * dy + dz * dz;
      error[i] = Math.sqrt(squared);
      sum += squared;
      max = Math.max(max, error[i]);
    }
    return new TrajectoryError(
        kind, alignment.scale(), Math.sqrt(sum / error.length), max, error, aligned);
  }

  private static RigidAlignment.Fit align(double[] estimate, double[] truth, Alignment kind) {
    return (kind == Alignment.SIM3
            ? RigidAlignment.similarity(estimate, truth, null)
            : RigidAlignment.rigid(estimate, truth, null))
        .orElseThrow(() -> new IllegalArgumentException("A position is not finite"));
  }

  private static double[] positions(List<Se3> poses) {
    double[] xyz = new double[3 * poses.size()];
    for (int i = 0; i < poses.size(); i++) {
      System.arraycopy(poses.get(i).translation(), 0, xyz, 3 * i, 3);
    }
    return xyz;
  }
}
