package dev.parallax.perception.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.geometry.Sim3;
import dev.parallax.perception.loop.PoseGraph.Edge;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PoseGraphTest {
  private static final double[] STEP_STD = {0.02, 0.02, 0.02, 0.004, 0.004, 0.004, 0.01};
  private static final double[] LOOP_STD = {0.01, 0.01, 0.01, 0.002, 0.002, 0.002, 0.005};

  private final List<Se3> truth = new ArrayList<>();
  private final PoseGraph graph = new PoseGraph();

  /** Two rounds of a circle of 40 poses, whose steps grow by 0.3 % and turn too far. */
  private void driftRound() {
    for (int k = 0; k < 80; k++) {
      double a = 2 * Math.PI * k / 40;
      truth.add(
          Se3.ofTranslation(5 * Math.cos(a), 5 * Math.sin(a), 0)
              .times(Se3.exp(new double[] {0, 0, 0, 0, 0, a})));
    }
    Se3 turnedTooFar = Se3.exp(new double[] {0, 0, 0, 0, 0, 0.004});
    for (int k = 0; k < truth.size(); k++) {
      if (k == 0) {
        graph.add(Sim3.of(truth.get(0)));
        continue;
      }
      Se3 step = truth.get(k - 1).inverse().times(truth.get(k));
      Sim3 measured = Sim3.of(step.scaledTranslation(Math.pow(1.003, k)).times(turnedTooFar));
      graph.add(graph.pose(k - 1).times(measured));
      graph.add(new Edge(k - 1, k, measured, STEP_STD, false));
    }
  }

  private double worstM() {
    double worst = 0;
    for (int k = 0; k < truth.size(); k++) {
      Se3 error = truth.get(k).inverse().times(graph.pose(k).T_a_b());
      worst = Math.max(worst, error.distance());
    }
    return worst;
  }

  /** A true link; the newer place's unit has grown by 0.3 % a step since. */
  private Edge loop(int a, int b) {
    Se3 T_a_b = truth.get(a).inverse().times(truth.get(b));
    double grown = Math.pow(1.003, b - a);
    return new Edge(
        a, b, new Sim3(1 / grown, T_a_b.scaledTranslation(Math.pow(1.003, a))), LOOP_STD, true);
  }

  @Test
  void aLoopTakesOutTheDriftOfTurnAndScale() {
    driftRound();
    double before = worstM();

    for (int k = 30; k < 40; k += 3) {
      graph.add(loop(k - 30, k + 10));
      graph.add(loop(k - 20, k + 40));
    }
    graph.optimise();

    assertThat(before).isGreaterThan(1.5);
    assertThat(worstM()).isLessThan(0.35 * before);
    assertThat(graph.pose(60).scale()).as("the unit shrinks back").isLessThan(0.95);
  }

  @Test
  void oneWrongLoopAmongRightOnesBendsLittle() {
    driftRound();
    for (int k = 0; k < 40; k += 4) {
      graph.add(loop(k, k + 40));
    }
    graph.optimise();
    double right = worstM();

    graph.add(new Edge(3, 60, Sim3.of(Se3.ofTranslation(1, 0, 0)), LOOP_STD, true));
    graph.optimise();

    assertThat(worstM()).isLessThan(1.3 * right + 0.02);
  }

  @Test
  void withoutLoopsNothingMoves() {
    driftRound();
    Sim3 last = graph.pose(79);

    graph.optimise();

    double[] moved = last.inverse().times(graph.pose(79)).chart();
    for (double m : moved) {
      assertThat(m).isCloseTo(0, within(1e-9));
    }
  }

  @Test
  void theFactorSolvesWhatTheFullMatrixSays() {
    Random random = new Random(2);
    int[] first = {0, 0, 1, 0, 3, 2};
    double[][] full = new double[6][6];
    SkylineCholesky skyline = new SkylineCholesky(first);
    for (int i = 0; i < 6; i++) {
      for (int j = first[i]; j <= i; j++) {
        double v = i == j ? 10 : random.nextGaussian();
        full[i][j] = v;
        full[j][i] = v;
        skyline.add(i, j, v);
      }
    }
    double[] x = random.doubles(6).toArray();
    double[] b = new double[6];
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 6; j++) {
        b[i] += full[i][j] * x[j];
      }
    }

    assertThat(skyline.factorise()).isTrue();
    skyline.solve(b);

    assertThat(b).containsExactly(x, within(1e-12));
  }

  @Test
  void anIndefiniteMatrixIsRefused() {
    SkylineCholesky skyline = new SkylineCholesky(new int[] {0, 0});
    skyline.add(0, 0, 1);
    skyline.add(1, 0, 2);
    skyline.add(1, 1, 1);

    assertThat(skyline.factorise()).isFalse();
  }
}
