package dev.parallax.perception.odometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SymmetricSolverTest {
  private final SymmetricSolver solver = new SymmetricSolver(2);

  @Test
  void solvesAndInvertsWithoutTouchingItsInput() {
    double[] a = {4, 2, 2, 3};
    double[] b = {10, 9};
    double[] x = new double[2];
    double[] inverse = new double[4];

    assertThat(solver.solve(a, b, 0, x)).isTrue();
    assertThat(solver.invert(a, inverse)).isTrue();

    assertThat(x).containsExactly(new double[] {1.5, 2}, within(1e-9));
    assertThat(inverse).containsExactly(new double[] {0.375, -0.25, -0.25, 0.5}, within(1e-9));
    assertThat(a).containsExactly(4, 2, 2, 3);
    assertThat(b).containsExactly(10, 9);
  }

  @Test
  void dampingMultipliesTheDiagonal() {
    double[] x = new double[2];

    assertThat(solver.solve(new double[] {4, 0, 0, 2}, new double[] {8, 8}, 1, x)).isTrue();

    assertThat(x).containsExactly(new double[] {1, 2}, within(1e-9));
  }

  @Test
  void whatIsNotPositiveDefiniteIsRefused() {
    double[] x = new double[2];

    assertThat(solver.solve(new double[] {1, 2, 2, 1}, new double[] {1, 1}, 0, x)).isFalse();
    assertThat(solver.invert(new double[] {1, 2, 2, 1}, new double[4])).isFalse();
    assertThat(solver.solve(new double[] {Double.NaN, 0, 0, 1}, new double[] {1, 1}, 0, x))
        .isFalse();
  }
}
