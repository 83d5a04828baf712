package dev.parallax.sim.baseline;

import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.baseline.Track.Sighting;
import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;
import org.jspecify.annotations.Nullable;

/**
 * Bundle adjustment of the last keyframes and the points they share: reprojection errors on the
 * plane z = 1 with a Huber weight, points eliminated, Levenberg-Marquardt (Triggs et al. 2000). The
 * two oldest poses stay: they fix gauge and scale.
 */
final class WindowAdjustment {
  private static final int ITERATIONS = 8;
  private static final int FIXED = 2;

  private final double huber;

  /**
   * @param huber error on the plane z = 1 from which a sighting counts less
   */
  WindowAdjustment(double huber) {
    this.huber = huber;
  }

  /** Refines keyframes and points in place; does nothing with fewer than three keyframes. */
  void adjust(List<Keyframe> window, List<Track> tracks) {
    if (window.size() <= FIXED) {
      return;
    }
    List<Landmark> landmarks = new ArrayList<>();
    for (Track track : tracks) {
      Landmark landmark = Landmark.of(track, window);
      if (landmark != null) {
        landmarks.add(landmark);
      }
    }
    Se3[] poses = window.stream().map(k -> k.T_cam_odom).toArray(Se3[]::new);
    double cost = cost(poses, landmarks, false);
    double damping = 1e-4;
    for (int i = 0; i < ITERATIONS && damping < 1e3; i++) {
      Se3[] candidate = step(poses, landmarks, damping);
      if (candidate == null) {
        damping *= 10;
        continue;
      }
      double next = cost(candidate, landmarks, true);
      if (!(next < cost)) {
        damping *= 10;
        continue;
      }
      poses = candidate;
      landmarks.forEach(Landmark::accept);
      damping *= 0.2;
      boolean settled = cost - next < 1e-4 * cost;
      cost = next;
      if (settled) {
        break;
      }
    }
    for (int k = FIXED; k < poses.length; k++) {
      window.get(k).T_cam_odom = poses[k];
    }
    landmarks.forEach(Landmark::write);
  }

  private double cost(Se3[] poses, List<Landmark> landmarks, boolean atTrial) {
    double sum = 0;
    for (Landmark landmark : landmarks) {
      double[] p = atTrial ? landmark.trial : landmark.point;
      for (int s = 0; s < landmark.at.length; s++) {
        double[] c = poses[landmark.at[s]].transform(p[0], p[1], p[2]);
        if (c[2] < 1e-6) {
          return Double.POSITIVE_INFINITY;
        }
        double e = Math.hypot(landmark.x[s] - c[0] / c[2], landmark.y[s] - c[1] / c[2]);
        sum += e <= huber ? e * e : 2 * huber * e - huber * huber;
      }
    }
    return sum;
  }

  /** One damped Gauss-Newton step; null if the equations could not be solved. */
  private Se3 @Nullable [] step(Se3[] poses, List<Landmark> landmarks, double damping) {
    int unknowns = 6 * (poses.length - FIXED);
    DMatrixRMaj hessian = new DMatrixRMaj(unknowns, unknowns);
    DMatrixRMaj gradient = new DMatrixRMaj(unknowns, 1);
    for (Landmark landmark : landmarks) {
      landmark.linearise(poses, huber, hessian, gradient, damping);
    }
    for (int k = 0; k < unknowns; k++) {
      hessian.add(k, k, damping * hessian.get(k, k) + 1e-12);
    }
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.chol(unknowns);
    DMatrixRMaj delta = new DMatrixRMaj(unknowns, 1);
    if (!solver.setA(hessian)) {
      return null;
    }
    solver.solve(gradient, delta);
    for (Landmark landmark : landmarks) {
      landmark.backSubstitute(delta);
    }
    Se3[] stepped = poses.clone();
    for (int k = FIXED; k < poses.length; k++) {
      double[] twist = new double[6];
      System.arraycopy(delta.data, 6 * (k - FIXED), twist, 0, 6);
      stepped[k] = Se3.exp(twist).times(poses[k]).normalised();
      if (!stepped[k].isFinite()) {
        return null;
      }
    }
    return stepped;
  }

  /** A point with its sightings from the window. */
  private static final class Landmark {
    final Track track;
    final int[] at;
    final double[] x;
    final double[] y;
    double[] point;
    double[] trial;
    private final double[] v = new double[9]; // inverse of the damped point Hessian
    private final double[] g = new double[3];
    private final double[][] w; // [sightings][6 3] pose against point

    private Landmark(Track track, double[] point, int sightings) {
      this.track = track;
      this.point = point.clone();
      this.trial = point.clone();
      at = new int[sightings];
      x = new double[sightings];
      y = new double[sightings];
      w = new double[sightings][18];
    }

    static @Nullable Landmark of(Track track, List<Keyframe> window) {
      double[] point = track.point_odom;
      if (point == null) {
        return null;
      }
      List<Sighting> seen =
          track.sightings.stream().filter(s -> window.contains(s.keyframe())).toList();
      if (seen.size() < 2) {
        return null;
      }
      Landmark landmark = new Landmark(track, point, seen.size());
      for (int s = 0; s < seen.size(); s++) {
        landmark.at[s] = window.indexOf(seen.get(s).keyframe());
        landmark.x[s] = seen.get(s).x();
        landmark.y[s] = seen.get(s).y();
      }
      return landmark;
    }

    void linearise(
        Se3[] poses, double huber, DMatrixRMaj hessian, DMatrixRMaj gradient, double damping) {
      double[] h = new double[9];
      g[0] = 0;
      g[1] = 0;
      g[2] = 0;
      for (int s = 0; s < at.length; s++) {
        addSighting(s, poses[at[s]], huber, h, hessian, gradient);
      }
      for (int k = 0; k < 3; k++) {
        h[4 * k] += damping * h[4 * k] + 1e-12;
      }
      invert(h, v);
      for (int s = 0; s < at.length; s++) {
        for (int r = 0; r < at.length; r++) {
          eliminate(s, r, hessian, gradient);
        }
      }
    }

    private void addSighting(
        int s, Se3 T, double huber, double[] h, DMatrixRMaj hessian, DMatrixRMaj gradient) {
      double[] c = T.transform(point[0], point[1], point[2]);
      double iz = 1 / c[2];
      double a = c[0] * iz;
      double b = c[1] * iz;
      double eu = x[s] - a;
      double ev = y[s] - b;
      double e = Math.hypot(eu, ev);
      double weight = e <= huber ? 1 : huber / e;
      // Left perturbation (translation, rotation) of T_cam_odom.
      double[] ju = {iz, 0, -a * iz, -a * b, 1 + a * a, -b};
      double[] jv = {0, iz, -b * iz, -1 - b * b, a * b, a};
      double[] pu = new double[3];
      double[] pv = new double[3];
      for (int k = 0; k < 3; k++) {
        pu[k] = iz * (T.r(0, k) - a * T.r(2, k));
        pv[k] = iz * (T.r(1, k) - b * T.r(2, k));
      }
      for (int i = 0; i < 3; i++) {
        g[i] += weight * (pu[i] * eu + pv[i] * ev);
        for (int j = 0; j < 3; j++) {
          h[3 * i + j] += weight * (pu[i] * pu[j] + pv[i] * pv[j]);
        }
      }
      int row = 6 * (at[s] - FIXED);
      for (int i = 0; i < 6; i++) {
        for (int j = 0; j < 3; j++) {
          w[s][3 * i + j] = weight * (ju[i] * pu[j] + jv[i] * pv[j]);
        }
        if (row >= 0) {
          gradient.add(row + i, 0, weight * (ju[i] * eu + jv[i] * ev));
          for (int j = 0; j < 6; j++) {
            hessian.add(row + i, row + j, weight * (ju[i] * ju[j] + jv[i] * jv[j]));
          }
        }
      }
    }

    /** Takes the point out of the equations of the poses of two sightings. */
    private void eliminate(int s, int r, DMatrixRMaj hessian, DMatrixRMaj gradient) {
      int row = 6 * (at[s] - FIXED);
      int column = 6 * (at[r] - FIXED);
      if (row < 0) {
        return;
      }
      for (int i = 0; i < 6; i++) {
        double y0 = wv(s, i, 0);
        double y1 = wv(s, i, 1);
        double y2 = wv(s, i, 2);
        if (s == r) {
          gradient.add(row + i, 0, -(y0 * g[0] + y1 * g[1] + y2 * g[2]));
        }
        if (column >= 0) {
          for (int j = 0; j < 6; j++) {
            hessian.add(
                row + i,
                column + j,
                -(y0 * w[r][3 * j] + y1 * w[r][3 * j + 1] + y2 * w[r][3 * j + 2]));
          }
        }
      }
    }

    private double wv(int s, int i, int k) {
      return w[s][3 * i] * v[k] + w[s][3 * i + 1] * v[3 + k] + w[s][3 * i + 2] * v[6 + k];
    }

    void backSubstitute(DMatrixRMaj delta) {
      double[] rest = g.clone();
      for (int s = 0; s < at.length; s++) {
        int row = 6 * (at[s] - FIXED);
        for (int i = 0; row >= 0 && i < 6; i++) {
          for (int k = 0; k < 3; k++) {
            rest[k] -= w[s][3 * i + k] * delta.get(row + i, 0);
          }
        }
      }
      for (int k = 0; k < 3; k++) {
        trial[k] = point[k] + v[3 * k] * rest[0] + v[3 * k + 1] * rest[1] + v[3 * k + 2] * rest[2];
      }
    }

    void accept() {
      System.arraycopy(trial, 0, point, 0, 3);
    }

    void write() {
      track.point_odom = point;
    }

    /** Inverse of a symmetric 3x3 matrix by its adjugate. */
    private static void invert(double[] h, double[] out) {
      double a = h[4] * h[8] - h[5] * h[5];
      double b = h[2] * h[5] - h[1] * h[8];
      double c = h[1] * h[5] - h[2] * h[4];
      double det = h[0] * a + h[1] * b + h[2] * c;
      out[0] = a / det;
      out[1] = b / det;
      out[2] = c / det;
      out[3] = out[1];
      out[4] = (h[0] * h[8] - h[2] * h[2]) / det;
      out[5] = (h[1] * h[2] - h[0] * h[5]) / det;
      out[6] = out[2];
      out[7] = out[5];
      out[8] = (h[0] * h[4] - h[1] * h[1]) / det;
    }
  }
}
