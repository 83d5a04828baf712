package dev.parallax.perception.geometry;

import java.util.Arrays;

/**
 * A rigid motion. {@code T_a_b} maps points from frame b to frame a: {@code p_a = T_a_b * p_b}, and
 * {@code T_a_c = T_a_b * T_b_c}. Immutable.
 */
public final class Se3 {
  // Below this theta - sin(theta) cancels; the two-term series is exact to 1e-17 there.
  private static final double SMALL_ANGLE_RAD = 1e-4;

  private final double[] r; // [3 3] row-major
  private final double tx;
  private final double ty;
  private final double tz;

  private Se3(double[] r, double tx, double ty, double tz) {
    this.r = r;
    this.tx = tx;
    this.ty = ty;
    this.tz = tz;
  }

  public static Se3 identity() {
    return new Se3(new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, 0, 0, 0);
  }

  /**
   * @param rotation {@code [3 3]} row-major, copied; made orthonormal
   * @param translation {@code [3]} metres
   */
  public static Se3 of(double[] rotation, double[] translation) {
    return new Se3(orthonormalised(rotation), translation[0], translation[1], translation[2]);
  }

  public static Se3 ofTranslation(double xM, double yM, double zM) {
    return new Se3(identity().r, xM, yM, zM);
  }

  /** From a quaternion (any non-zero norm) and a translation in metres. */
  public static Se3 ofQuaternion(
      double qx, double qy, double qz, double qw, double txM, double tyM, double tzM) {
    double n = qx * qx + qy * qy + qz * qz + qw * qw;
    if (!(n > 0) || Double.isInfinite(n)) {
      throw new IllegalArgumentException(
          "Quaternion (%s %s %s %s) is not a rotation".formatted(qx, qy, qz, qw));
    }
    double s = 2 / n;
    double[] r = {
      1 - s * (qy * qy + qz * qz),
      s * (qx * qy - qz * qw),
      s * (qx * qz + qy * qw),
      s * (qx * qy + qz * qw),
      1 - s * (qx * qx + qz * qz),
      s * (qy * qz - qx * qw),
      s * (qx * qz - qy * qw),
      s * (qy * qz + qx * qw),
      1 - s * (qx * qx + qy * qy)
    };
    return new Se3(r, txM, tyM, tzM);
  }

  /** A rotation alone, from axis times angle, radians. */
  public static Se3 ofRotationVector(double wxRad, double wyRad, double wzRad) {
    return exp(new double[] {0, 0, 0, wxRad, wyRad, wzRad});
  }

  /**
   * Exponential map with the translation part first.
   *
   * @param twist {@code [6]} (vx vy vz metres, wx wy wz radians)
   */
  public static Se3 exp(double[] twist) {
    double wx = twist[3];
    double wy = twist[4];
    double wz = twist[5];
    double theta2 = wx * wx + wy * wy + wz * wz;
    double theta = Math.sqrt(theta2);
    boolean small = theta < SMALL_ANGLE_RAD;
    double a = small ? 1 - theta2 / 6 : Math.sin(theta) / theta;
    double half = Math.sin(theta / 2); // 1 - cos(theta) = 2 sin^2(theta/2) does not cancel
    double b = small ? 0.5 - theta2 / 24 : 2 * half * half / theta2;
    double c = small ? 1.0 / 6 - theta2 / 120 : (theta - Math.sin(theta)) / (theta2 * theta);
    double[] r = rodrigues(wx, wy, wz, a, b);
    double[] v = rodrigues(wx, wy, wz, b, c); // left Jacobian has the same form
    return new Se3(
        r,
        v[0] * twist[0] + v[1] * twist[1] + v[2] * twist[2],
        v[3] * twist[0] + v[4] * twist[1] + v[5] * twist[2],
        v[6] * twist[0] + v[7] * twist[1] + v[8] * twist[2]);
  }

  /** Inverse of {@link #exp}: {@code [6]} (translation part m, rotation vector rad). */
  public double[] log() {
    double[] w = rotationVector();
    double theta2 = w[0] * w[0] + w[1] * w[1] + w[2] * w[2];
    double theta = Math.sqrt(theta2);
    double c;
    if (theta < 1e-4) {
      c = 1.0 / 12 + theta2 / 720;
    } else {
      c = (1 - theta * Math.cos(theta / 2) / (2 * Math.sin(theta / 2))) / theta2;
    }
    double[] vInv = rodrigues(w[0], w[1], w[2], -0.5, c);
    return new double[] {
      vInv[0] * tx + vInv[1] * ty + vInv[2] * tz,
      vInv[3] * tx + vInv[4] * ty + vInv[5] * tz,
      vInv[6] * tx + vInv[7] * ty + vInv[8] * tz,
      w[0],
      w[1],
      w[2]
    };
  }

  /** Axis times angle, radians, angle in [0, pi]. */
  public double[] rotationVector() {
    double[] q = quaternion();
    double sign = q[3] < 0 ? -1 : 1;
    double vx = sign * q[0];
    double vy = sign * q[1];
    double vz = sign * q[2];
    double n = Math.sqrt(vx * vx + vy * vy + vz * vz);
    double k = n < 1e-12 ? 2 : 2 * Math.atan2(n, sign * q[3]) / n;
    return new double[] {k * vx, k * vy, k * vz};
  }

  /** Unit quaternion {@code [4]} (x y z w) with w not negative. */
  public double[] quaternion() {
    // Shepperd 1978: divide by the largest component.
    double trace = r[0] + r[4] + r[8];
    double[] q = new double[4];
    if (trace > r[0] && trace > r[4] && trace > r[8]) {
      q[3] = 1 + trace;
      q[0] = r[7] - r[5];
      q[1] = r[2] - r[6];
      q[2] = r[3] - r[1];
    } else {
      int i = r[0] >= r[4] && r[0] >= r[8] ? 0 : r[4] >= r[8] ? 1 : 2;
      int j = (i + 1) % 3;
      int k = (i + 2) % 3;
      q[i] = 1 + 2 * r[4 * i] - trace;
      q[j] = r[3 * i + j] + r[3 * j + i];
      q[k] = r[3 * i + k] + r[3 * k + i];
      q[3] = r[3 * k + j] - r[3 * j + k];
    }
    double n = Math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
    double s = (q[3] < 0 ? -1 : 1) / n;
    for (int i = 0; i < 4; i++) {
      q[i] *= s;
    }
    return q;
  }

  /** {@code this * other}. */
  public Se3 times(Se3 o) {
    double[] m = new double[9];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        m[3 * i + j] = r[3 * i] * o.r[j] + r[3 * i + 1] * o.r[3 + j] + r[3 * i + 2] * o.r[6 + j];
      }
    }
    return new Se3(
        m,
        r[0] * o.tx + r[1] * o.ty + r[2] * o.tz + tx,
        r[3] * o.tx + r[4] * o.ty + r[5] * o.tz + ty,
        r[6] * o.tx + r[7] * o.ty + r[8] * o.tz + tz);
  }

  public Se3 inverse() {
    double[] rt = {r[0], r[3], r[6], r[1], r[4], r[7], r[2], r[5], r[8]};
    return new Se3(
        rt,
        -(rt[0] * tx + rt[1] * ty + rt[2] * tz),
        -(rt[3] * tx + rt[4] * ty + rt[5] * tz),
        -(rt[6] * tx + rt[7] * ty + rt[8] * tz));
  }

  /** The point {@code [3]} seen in the target frame. */
  public double[] transform(double x, double y, double z) {
    return new double[] {
      r[0] * x + r[1] * y + r[2] * z + tx,
      r[3] * x + r[4] * y + r[5] * z + ty,
      r[6] * x + r[7] * y + r[8] * z + tz
    };
  }

  /** The same rotation without the translation. */
  public Se3 rotationOnly() {
    return new Se3(r, 0, 0, 0);
  }

  /** The same motion with its translation multiplied, for a change of the unit of length. */
  public Se3 scaledTranslation(double factor) {
    return new Se3(r, tx * factor, ty * factor, tz * factor);
  }

  /** The same motion with its rotation made orthonormal again; call after long products. */
  public Se3 normalised() {
    return new Se3(orthonormalised(r), tx, ty, tz);
  }

  /** A copy of the rotation, {@code [3 3]} row-major. */
  public double[] rotation() {
    return r.clone();
  }

  /** {@code [12]} row-major 3x4 (R | t). */
  public double[] matrix3x4() {
    return new double[] {r[0], r[1], r[2], tx, r[3], r[4], r[5], ty, r[6], r[7], r[8], tz};
  }

  /** Element of the rotation matrix. */
  public double r(int row, int column) {
    return r[3 * row + column];
  }

  public double tx() {
    return tx;
  }

  public double ty() {
    return ty;
  }

  public double tz() {
    return tz;
  }

  /** Translation {@code [3]}. */
  public double[] translation() {
    return new double[] {tx, ty, tz};
  }

  /** Length of the translation. */
  public double distance() {
    return Math.sqrt(tx * tx + ty * ty + tz * tz);
  }

  /** Angle of the rotation, radians. */
  public double angleRad() {
    double[] w = rotationVector();
    return Math.sqrt(w[0] * w[0] + w[1] * w[1] + w[2] * w[2]);
  }

  public boolean isFinite() {
    double sum = tx + ty + tz;
    for (double v : r) {
      sum += v;
    }
    return Double.isFinite(sum);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Se3 o
        && Arrays.equals(r, o.r)
        && tx == o.tx
        && ty == o.ty
        && tz == o.tz;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(r) * 31 + Arrays.hashCode(translation());
  }

  @Override
  public String toString() {
    double[] q = quaternion();
    return "Se3[t=(%.4f %.4f %.4f) q=(%.5f %.5f %.5f %.5f)]"
        .formatted(tx, ty, tz, q[0], q[1], q[2], q[3]);
  }

  /** I + a [w]x + b [w]x^2. */
  private static double[] rodrigues(double x, double y, double z, double a, double b) {
    return new double[] {
      1 - b * (y * y + z * z),
      b * x * y - a * z,
      b * x * z + a * y,
      b * x * y + a * z,
      1 - b * (x * x + z * z),
      b * y * z - a * x,
      b * x * z - a * y,
      b * y * z + a * x,
      1 - b * (x * x + y * y)
    };
  }

  /** Gram-Schmidt on the rows. */
  private static double[] orthonormalised(double[] m) {
    double n0 = Math.sqrt(m[0] * m[0] + m[1] * m[1] + m[2] * m[2]);
    double a0 = m[0] / n0;
    double a1 = m[1] / n0;
    double a2 = m[2] / n0;
    double d = a0 * m[3] + a1 * m[4] + a2 * m[5];
    double b0 = m[3] - d * a0;
    double b1 = m[4] - d * a1;
    double b2 = m[5] - d * a2;
    double n1 = Math.sqrt(b0 * b0 + b1 * b1 + b2 * b2);
    b0 /= n1;
    b1 /= n1;
    b2 /= n1;
    double c0 = a1 * b2 - a2 * b1;
    double c1 = a2 * b0 - a0 * b2;
    double c2 = a0 * b1 - a1 * b0;
    if (c0 * m[6] + c1 * m[7] + c2 * m[8] < 0) {
      throw new IllegalArgumentException("Rotation matrix is a reflection or not a rotation");
    }
    return new double[] {a0, a1, a2, b0, b1, b2, c0, c1, c2};
  }
}
