package dev.parallax.perception.inertial;

import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.RigidAlignment;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The mounting and bias of a gyroscope with which its turn rates are those that the pictures show:
 * {@code c = R (g - b)}. The angle of a turn is the same in both frames and its axis turns with the
 * mounting (hand-eye calibration; Tsai and Lenz 1989), so that R is the rotation between two sets
 * of vectors. It and the bias are found in turns; pairs that disagree lose weight.
 *
 * @param R_cam_imu the mounting's rotation
 * @param biasRadps {@code [3]} in the sensor's axes
 * @param signalRadps how fast the camera turns, root mean square
 * @param residualRadps what is left over, one standard deviation along each axis
 * @param conditioning how well the turns fix the mounting, 0..2; 0 where all are about one axis
 */
public record GyroFit(
    Se3 R_cam_imu,
    double[] biasRadps,
    double signalRadps,
    double residualRadps,
    double conditioning) {
  private static final int ROUNDS = 6;

  /** What a cheap gyroscope reads at rest, at most; a fit is not to explain more by it. */
  private static final double BIAS_STD_RADPS = 0.03;

  private static final double KERNEL_WIDTH = 3;

  /**
   * Four in five errors are to be small: half of them a wrong rotation explains too, of a motion
   * that is smooth. The length of a three-dimensional normal error that so many stay below, over
   * its standard deviation.
   */
  private static final double MOST = 0.8;

  private static final double MOST_OF_MAXWELL = 2.154;

  /**
   * @param gyro {@code [n 3]} mean turn rates that the sensor read
   * @param camera {@code [n 3]} mean turn rates that the pictures show over the same intervals
   * @param known the mounting, where it is not to be found
   * @return empty if there is nothing to be fitted
   */
  static Optional<GyroFit> of(double[] gyro, double[] camera, @Nullable Se3 known) {
    int n = gyro.length / 3;
    double[] weights = new double[n];
    Arrays.fill(weights, 1);
    double[] bias = new double[3];
    double[] lengths = new double[n];
    Se3 R = known == null ? Se3.identity() : known;
    double conditioning = 2;
    double std = 0;
    for (int round = 0; round < ROUNDS; round++) {
      if (known == null) {
        Optional<RigidAlignment.Fit> fit = rotation(gyro, camera, bias, weights);
        if (fit.isEmpty()) {
          return Optional.empty();
        }
        R = fit.get().T_q_p();
        conditioning = fit.get().conditioning();
      }
      for (int i = 0; i < n; i++) {
        lengths[i] = residual(gyro, camera, i, R, bias);
      }
      double most = OrderStatistic.select(lengths.clone(), n, (int) (MOST * (n - 1)));
      std = Math.max(most / MOST_OF_MAXWELL, 1e-6);
      for (int i = 0; i < n; i++) {
        double r = lengths[i] / (KERNEL_WIDTH * std);
        weights[i] = 1 / ((1 + r * r) * (1 + r * r));
      }
      bias = bias(gyro, camera, weights, R, std);
    }
    return Optional.of(new GyroFit(R, bias, rms(camera), std, conditioning));
  }

  /** Share of the turn rates' variance that the gyroscope explains; may be negative. */
  double explained() {
    double left = residualRadps / signalRadps;
    return 1 - 3 * left * left;
  }

  /** Each direction counts with its opposite, which leaves no translation to be fitted. */
  private static Optional<RigidAlignment.Fit> rotation(
      double[] gyro, double[] camera, double[] bias, double[] weights) {
    int n = weights.length;
    double[] p = new double[6 * n];
    double[] q = new double[6 * n];
    double[] w = new double[2 * n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < 3; k++) {
        p[3 * i + k] = gyro[3 * i + k] - bias[k];
        q[3 * i + k] = camera[3 * i + k];
        p[3 * (n + i) + k] = -p[3 * i + k];
        q[3 * (n + i) + k] = -q[3 * i + k];
      }
      w[i] = weights[i];
      w[n + i] = weights[i];
    }
    return RigidAlignment.rigid(p, q, w);
  }

  private static double residual(double[] gyro, double[] camera, int i, Se3 R, double[] bias) {
    double[] turned =
        R.transform(gyro[3 * i] - bias[0], gyro[3 * i + 1] - bias[1], gyro[3 * i + 2] - bias[2]);
    double sum = 0;
    for (int k = 0; k < 3; k++) {
      double e = camera[3 * i + k] - turned[k];
      sum += e * e;
    }
    return Math.sqrt(sum);
  }

  private static double[] bias(
      double[] gyro, double[] camera, double[] weights, Se3 R, double std) {
    Se3 R_imu_cam = R.inverse();
    double[] sum = new double[3];
    double weight = std * std / (BIAS_STD_RADPS * BIAS_STD_RADPS);
    for (int i = 0; i < weights.length; i++) {
      double[] seen = R_imu_cam.transform(camera[3 * i], camera[3 * i + 1], camera[3 * i + 2]);
      for (int k = 0; k < 3; k++) {
        sum[k] += weights[i] * (gyro[3 * i + k] - seen[k]);
      }
      weight += weights[i];
    }
    for (int k = 0; k < 3; k++) {
      sum[k] /= weight;
    }
    return sum;
  }

  static double rms(double[] vectors) {
    double sum = 0;
    for (double v : vectors) {
      sum += v * v;
    }
    return Math.sqrt(sum / (vectors.length / 3.0));
  }
}
