package dev.parallax.sim.eval.odometry;

import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;
import org.jspecify.annotations.Nullable;

/**
 * Whether the covariance that goes with each pose tells the truth: the normalised estimation error
 * squared {@code NEES = e^T P^-1 e} (Bar-Shalom 2001, section 5.4) with {@code e = log(T_odom_cam
 * T_true^-1)} and the truth brought to odom by the first pose with a covariance and by the run's
 * scale. Were P right, each NEES would be chi-square with 6 degrees of freedom: 6 in the mean, and
 * in 95 % of the frames within {@link #LOW}..{@link #HIGH}. Much above says that the covariance is
 * too small, much below too large.
 *
 * <p>Errors of neighbouring frames are alike, so the mean of one run spreads more than that of as
 * many independent draws.
 *
 * @param nees of each frame that could be judged, in the order of time
 */
public record PoseConsistency(double[] nees) {
  /** 2.5 % of chi-square with 6 degrees of freedom lie below. */
  public static final double LOW = 1.2373;

  /** 2.5 % lie above. */
  public static final double HIGH = 14.4494;

  private static final int DIMENSIONS = 6;

  /**
   * @param pairs in the order of time
   * @param scale true metres in one unit of the run
   * @param covariance {@code [6 6]} of a pair's estimate, null where there is none
   */
  public static PoseConsistency of(
      List<PosePair> pairs, double scale, Function<PosePair, double @Nullable []> covariance) {
    List<Double> all = new ArrayList<>();
    Se3 T_odom_world = null;
    for (PosePair pair : pairs) {
      double[] p = covariance.apply(pair);
      LinearSolverDense<DMatrixRMaj> solver = p == null ? null : factorised(p);
      if (solver == null) {
        continue;
      }
      Se3 truth = pair.T_world_cam().scaledTranslation(1 / scale);
      if (T_odom_world == null) {
        T_odom_world = pair.T_odom_cam().times(truth.inverse());
        continue;
      }
      double[] e = pair.T_odom_cam().times(T_odom_world.times(truth).inverse()).log();
      all.add(squared(solver, e));
    }
    return new PoseConsistency(all.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static @Nullable LinearSolverDense<DMatrixRMaj> factorised(double[] covariance) {
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.chol(DIMENSIONS);
    DMatrixRMaj p = new DMatrixRMaj(DIMENSIONS, DIMENSIONS, true, covariance.clone());
    return solver.setA(p) ? solver : null;
  }

  private static double squared(LinearSolverDense<DMatrixRMaj> solver, double[] e) {
    DMatrixRMaj x = new DMatrixRMaj(DIMENSIONS, 1);
    solver.solve(new DMatrixRMaj(DIMENSIONS, 1, true, e.clone()), x);
    double sum = 0;
    for (int k = 0; k < DIMENSIONS; k++) {
      sum += e[k] * x.get(k, 0);
    }
    return sum;
  }

  /** Mean over the frames; NaN without any. */
  public double mean() {
    return Arrays.stream(nees).average().orElse(Double.NaN);
  }

  /** Share of the frames within the 95 % band, 0..1; NaN without any. */
  public double shareInBand() {
    return Arrays.stream(nees).map(v -> v >= LOW && v <= HIGH ? 1 : 0).average().orElse(Double.NaN);
  }

  /** Share of the frames above the band, where the covariance promises too much. */
  public double shareAbove() {
    return Arrays.stream(nees).map(v -> v > HIGH ? 1 : 0).average().orElse(Double.NaN);
  }
}
