package dev.parallax.perception.loop;

import dev.parallax.perception.geometry.Sim3;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Poses of places as similarities to the map, held together by measured ones between pairs (after
 * Strasdat et al. 2010): the error of an edge is {@code E = Z^-1 S_a^-1 S_b} in the chart of {@link
 * Sim3#chart}. Levenberg-Marquardt; the first pose stays. Loop edges carry a Geman-McClure weight,
 * so that a wrong one cannot bend the rest for ever. One thread.
 */
final class PoseGraph {
  private static final int D = 7;
  private static final int ITERATIONS = 6;
  private static final int ITERATIONS_WHILE_NARROWING = 2;
  private static final double NARROWING = 8;

  /** Squared std by which a loop may miss before it counts less. */
  private static final double LOOP_WIDTH2 = 25;

  private final List<Sim3> poses = new ArrayList<>();
  private final List<Edge> edges = new ArrayList<>();

  /**
   * A measured similarity.
   *
   * @param Z_a_b maps frame b to frame a, a older than b
   * @param std {@code [7]} of its chart: translation in a's unit, radians, log scale
   * @param isLoop whether it may be wrong
   */
  record Edge(int a, int b, Sim3 Z_a_b, double[] std, boolean isLoop) {
    Edge {
      if (a >= b || std.length != D) {
        throw new IllegalArgumentException(
            "An edge leads from an older pose to a newer with 7 std, got %d to %d with %d"
                .formatted(a, b, std.length));
      }
    }
  }

  int size() {
    return poses.size();
  }

  Sim3 pose(int index) {
    return poses.get(index);
  }

  /** Adds a pose and returns its index. */
  int add(Sim3 S_map_place) {
    poses.add(S_map_place);
    return poses.size() - 1;
  }

  void add(Edge edge) {
    edges.add(edge);
  }

  /** Whether the poses are already as near to what an edge says as its std lets expect. */
  boolean agrees(Edge edge) {
    return squared(edge, residual(edge, poses)) < D;
  }

  /**
   * Moves the poses to where the edges agree best. A fresh loop disagrees by all the drift it is to
   * take out, so the robust width begins at the worst disagreement and narrows from there
   * (graduated non-convexity, Yang et al. 2020).
   */
  void optimise() {
    if (poses.size() < 2) {
      return;
    }
    double width2 = LOOP_WIDTH2;
    for (Edge edge : edges) {
      if (edge.isLoop()) {
        width2 = Math.max(width2, squared(edge, residual(edge, poses)));
      }
    }
    while (width2 > LOOP_WIDTH2) {
      optimise(width2, ITERATIONS_WHILE_NARROWING);
      width2 /= NARROWING;
    }
    optimise(LOOP_WIDTH2, ITERATIONS);
  }

  private void optimise(double width2, int iterations) {
    List<Sim3> best = poses;
    double cost = cost(best, width2);
    double damping = 1e-6;
    for (int i = 0; i < iterations && damping < 1e3; i++) {
      List<Sim3> candidate = step(best, damping, width2);
      double next = candidate == null ? Double.NaN : cost(candidate, width2);
      if (candidate == null || !(next < cost)) {
        damping = Math.max(damping, 1e-6) * 100;
        continue;
      }
      boolean settled = cost - next < 1e-3 * cost;
      best = candidate;
      cost = next;
      damping *= 0.1;
      if (settled) {
        break;
      }
    }
    for (int k = 0; k < best.size(); k++) {
      poses.set(k, best.get(k));
    }
  }

  private double cost(List<Sim3> at, double width2) {
    double sum = 0;
    for (Edge edge : edges) {
      double e2 = squared(edge, residual(edge, at));
      sum += edge.isLoop() ? e2 / (1 + e2 / width2) : e2;
    }
    return sum;
  }

  private static double[] residual(Edge edge, List<Sim3> at) {
    Sim3 X = at.get(edge.a()).inverse().times(at.get(edge.b()));
    return edge.Z_a_b().inverse().times(X).chart();
  }

  private static double squared(Edge edge, double[] r) {
    double sum = 0;
    for (int k = 0; k < D; k++) {
      sum += r[k] * r[k] / (edge.std()[k] * edge.std()[k]);
    }
    return sum;
  }

  private @Nullable List<Sim3> step(List<Sim3> at, double damping, double width2) {
    int n = at.size();
    SkylineCholesky hessian = new SkylineCholesky(envelope(n));
    double[] gradient = new double[D * (n - 1)];
    for (Edge edge : edges) {
      linearise(edge, at, width2, hessian, gradient);
    }
    hessian.damp(damping);
    if (!hessian.factorise()) {
      return null;
    }
    hessian.solve(gradient);
    List<Sim3> stepped = new ArrayList<>(n);
    stepped.add(at.get(0));
    for (int k = 1; k < n; k++) {
      double[] delta = Arrays.copyOfRange(gradient, D * (k - 1), D * k);
      Sim3 pose = at.get(k).times(Sim3.ofChart(delta));
      if (!pose.isFinite()) {
        return null;
      }
      stepped.add(new Sim3(pose.scale(), pose.T_a_b().normalised()));
    }
    return stepped;
  }

  /** First column of each row: the first pose is no unknown. */
  private int[] envelope(int n) {
    int[] oldest = new int[n];
    Arrays.setAll(oldest, k -> k);
    for (Edge edge : edges) {
      oldest[edge.b()] = Math.min(oldest[edge.b()], Math.max(1, edge.a()));
    }
    int[] first = new int[D * (n - 1)];
    for (int row = 0; row < first.length; row++) {
      first[row] = D * (oldest[row / D + 1] - 1);
    }
    return first;
  }

  private void linearise(
      Edge edge, List<Sim3> at, double width2, SkylineCholesky hessian, double[] gradient) {
    Sim3 X = at.get(edge.a()).inverse().times(at.get(edge.b()));
    Sim3 inverse = edge.Z_a_b().inverse();
    Sim3 E = inverse.times(X);
    double[] r = E.chart();
    double kernel = edge.isLoop() ? 1 + squared(edge, r) / width2 : 1;
    double[][] ja = new double[D][D];
    double[][] jb = new double[D][D];
    fillJacobians(X, inverse, E, r, ja, jb);
    double[] weight = new double[D];
    for (int k = 0; k < D; k++) {
      weight[k] = 1 / (edge.std()[k] * edge.std()[k] * kernel * kernel);
    }
    int rowA = D * (edge.a() - 1);
    int rowB = D * (edge.b() - 1);
    addBlock(hessian, rowB, rowB, jb, jb, weight);
    addGradient(gradient, rowB, jb, r, weight);
    if (rowA >= 0) {
      addBlock(hessian, rowA, rowA, ja, ja, weight);
      addBlock(hessian, rowB, rowA, jb, ja, weight);
      addGradient(gradient, rowA, ja, r, weight);
    }
  }

  /**
   * Poses move on the right, {@code S exp(delta)} in the chart. With Z^-1 = (s, R, .) and X = (.,
   * Rx, tx): b moves t by s_E R_E, the rotation vector by the inverse right Jacobian, log scale by
   * one; a moves X by its inverse, which turns and shrinks tx first.
   */
  private static void fillJacobians(
      Sim3 X, Sim3 inverse, Sim3 E, double[] r, double[][] ja, double[][] jb) {
    double[] half = {r[3] / 2, r[4] / 2, r[5] / 2};
    // Inverse right Jacobian of SO(3) to first order: I + [r]x / 2; residual turns are small.
    double[][] jr = {{1, -half[2], half[1]}, {half[2], 1, -half[0]}, {-half[1], half[0], 1}};
    double[] t = X.T_a_b().translation();
    double[][] cross = {{0, -t[2], t[1]}, {t[2], 0, -t[0]}, {-t[1], t[0], 0}};
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        double rz = inverse.scale() * inverse.T_a_b().r(i, j);
        jb[i][j] = E.scale() * E.T_a_b().r(i, j);
        jb[3 + i][3 + j] = jr[i][j];
        ja[i][j] = -rz;
        ja[i][6] -= rz * t[j];
        for (int k = 0; k < 3; k++) {
          ja[i][3 + k] += rz * cross[j][k];
          ja[3 + i][3 + k] -= jr[i][j] * X.T_a_b().r(k, j);
        }
      }
    }
    ja[6][6] = -1;
    jb[6][6] = 1;
  }

  private static void addBlock(
      SkylineCholesky hessian, int row, int column, double[][] a, double[][] b, double[] weight) {
    for (int i = 0; i < D; i++) {
      int end = row == column ? i + 1 : D;
      for (int j = 0; j < end; j++) {
        double sum = 0;
        for (int k = 0; k < D; k++) {
          sum += weight[k] * a[k][i] * b[k][j];
        }
        hessian.add(row + i, column + j, sum);
      }
    }
  }

  private static void addGradient(
      double[] gradient, int row, double[][] j, double[] r, double[] weight) {
    for (int i = 0; i < D; i++) {
      for (int k = 0; k < D; k++) {
        gradient[row + i] -= weight[k] * j[k][i] * r[k];
      }
    }
  }
}
