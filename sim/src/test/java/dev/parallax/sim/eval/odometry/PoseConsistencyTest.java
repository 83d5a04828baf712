package dev.parallax.sim.eval.odometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PoseConsistencyTest {
  private static final double[] STD = {0.1, 0.2, 0.5, 0.01, 0.02, 0.05};

  private final List<PosePair> pairs = new ArrayList<>();

  private void add(double metresAhead, double... error) {
    Se3 truth = Se3.ofTranslation(metresAhead, 0, 0);
    pairs.add(
        new PosePair(
            pairs.size(), new Timestamp(pairs.size()), Se3.exp(error).times(truth), truth));
  }

  private static double[] covariance(double factor) {
    double[] p = new double[36];
    for (int k = 0; k < 6; k++) {
      p[7 * k] = factor * STD[k] * STD[k];
    }
    return p;
  }

  @Test
  void anErrorOfOneStdCountsOne() {
    add(0, new double[6]); // brings the truth to odom
    add(3, 0.1, 0, 0, 0, 0, 0); // one std along x
    add(5, 0, 0.4, 0.5, 0, 0, 0); // two along y, one along z
    add(7, 0, 0, 0, 0.01, 0.02, 0.05); // one about each axis

    PoseConsistency found = PoseConsistency.of(pairs, 1, pair -> covariance(1));

    assertThat(found.nees()).containsExactly(new double[] {1, 5, 3}, within(1e-9));
    assertThat(found.mean()).isCloseTo(3, within(1e-9));
    assertThat(found.shareInBand()).as("1 is below 1.24").isCloseTo(2.0 / 3, within(1e-9));
    assertThat(found.shareAbove()).isZero();
  }

  @Test
  void truthIsBroughtToTheRunsUnitAndOrigin() {
    Se3 T_odom_world = Se3.exp(new double[] {4, -1, 2, 0.3, 0.1, -0.4});
    for (int k = 0; k < 5; k++) {
      Se3 truth = Se3.exp(new double[] {k, 0.1 * k, 0, 0, 0, 0.05 * k});
      Se3 inRunsUnit = truth.scaledTranslation(1 / 2.5);
      pairs.add(new PosePair(k, new Timestamp(k), T_odom_world.times(inRunsUnit), truth));
    }

    PoseConsistency found = PoseConsistency.of(pairs, 2.5, pair -> covariance(1));

    assertThat(found.nees()).hasSize(4);
    assertThat(found.mean()).isCloseTo(0, within(1e-9));
  }

  @Test
  void posesWithoutAUsableCovarianceAreLeftOut() {
    add(0, new double[6]);
    add(1, new double[6]);
    add(2, new double[6]);

    PoseConsistency found =
        PoseConsistency.of(
            pairs,
            1,
            pair -> pair.frameIndex() == 1 ? null : covariance(pair.frameIndex() == 0 ? 0 : 1));

    assertThat(found.nees()).as("the last only brings the truth to odom").isEmpty();
    assertThat(found.mean()).isNaN();
  }

  @Test
  void drawsOfTheSaidCovarianceLieInTheBandNinetyFiveTimesInAHundred() {
    Random random = new Random(1);
    add(0, new double[6]);
    for (int i = 0; i < 4000; i++) {
      double[] e = new double[6];
      for (int k = 0; k < 6; k++) {
        e[k] = STD[k] * random.nextGaussian();
      }
      add(2, e);
    }

    PoseConsistency right = PoseConsistency.of(pairs, 1, pair -> covariance(1));
    PoseConsistency boasting = PoseConsistency.of(pairs, 1, pair -> covariance(0.25));

    assertThat(right.mean()).isCloseTo(6, within(0.2));
    assertThat(right.shareInBand()).isCloseTo(0.95, within(0.01));
    assertThat(boasting.mean()).isCloseTo(24, within(0.8));
    assertThat(boasting.shareAbove()).isGreaterThan(0.6);
  }

  @Test
  void driftAtRestIsTheFarthestFromTheFirstPose() {
    List<Se3> poses =
        List.of(
            Se3.ofTranslation(1, 0, 0),
            Se3.ofTranslation(1, 0.003, 0),
            Se3.exp(new double[] {1, 0, 0, 0, 0, 0.001}));

    RestDrift drift = RestDrift.of(poses);

    assertThat(drift.translation()).isCloseTo(0.003, within(1e-4));
    assertThat(drift.rotationRad()).isCloseTo(0.001, within(1e-9));
  }
}
