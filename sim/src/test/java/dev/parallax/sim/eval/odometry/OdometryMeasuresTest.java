package dev.parallax.sim.eval.odometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.eval.StampedPose;
import dev.parallax.sim.eval.odometry.TrajectoryError.Alignment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OdometryMeasuresTest {
  private static final Se3 LEFT_90_DEG =
      Se3.exp(new double[] {0, 0, 0, 0, 0, Math.PI / 2}); // about z

  @Test
  void theNearestTruePoseWithinHalfAFrameIsTaken() {
    // Frames every 100 ms, so half a frame is 50 ms; truth every 30 ms and then a gap.
    TrajectoryAssociation association = new TrajectoryAssociation(stamps(0, 100, 200, 300));
    List<StampedPose> truth = poses(0, 30, 60, 90, 120, 150, 360);
    List<PosePair> pairs = association.associate(poses(0, 100, 200, 300), truth);
    // 0 -> 0; 100 -> 90 (10 ms, not 120); 200 -> 150 (50 ms, just allowed); 300 -> 360 is 60 ms
    // off.
    assertThat(pairs).extracting(p -> p.T_world_cam().tx()).containsExactly(0.0, 90.0, 150.0);
    assertThat(pairs).extracting(PosePair::frameIndex).containsExactly(0, 1, 2);
  }

  @Test
  void aTruePoseIsUsedOnceByTheNearerEstimate() {
    TrajectoryAssociation association = new TrajectoryAssociation(stamps(0, 100, 200));
    List<PosePair> pairs = association.associate(poses(60, 90, 130), poses(100));
    assertThat(pairs).extracting(p -> p.stamp().nanos()).containsExactly(90_000_000L);
  }

  @Test
  void aTurnedShiftedDoubledPathHasNoShapeErrorButAScaleError() {
    // Truth: corners of a 2 x 2 m square, centred: each 1 m from the axes, so √2 m from the centre.
    List<Se3> truth = List.of(at(1, 1, 0), at(-1, 1, 0), at(-1, -1, 0), at(1, -1, 0));
    List<PosePair> pairs =
        pairs(
            truth.stream()
                .map(p -> at(5, 6, 7).times(LEFT_90_DEG).times(p.scaledTranslation(2)))
                .toList(),
            truth);
    TrajectoryError sim3 = TrajectoryError.of(pairs, Alignment.SIM3);
    assertThat(sim3.rmseM()).isCloseTo(0, within(1e-12));
    assertThat(sim3.scale()).isCloseTo(0.5, within(1e-12));
    // Without scale every corner stays √2 m too far out.
    TrajectoryError se3 = TrajectoryError.of(pairs, Alignment.SE3);
    assertThat(se3.rmseM()).isCloseTo(Math.sqrt(2), within(1e-12));
    assertThat(se3.maxM()).isCloseTo(Math.sqrt(2), within(1e-12));
    assertThat(se3.scale()).isEqualTo(1);
    // The floor, the spread of the truth, is √2 too.
    assertThat(ScaleDrift.spread(truth)).isCloseTo(Math.sqrt(2), within(1e-12));
  }

  @Test
  void oneDisplacedPoseOfFourOnALine() {
    // x = 0 1 2 3 true; the estimate is 0 1 2 3 with y = +0.1 -0.1 -0.1 +0.1: by symmetry the best
    // rigid alignment is the identity, so the ATE is 0.1.
    List<Se3> truth = List.of(at(0, 0, 0), at(1, 0, 0), at(2, 0, 0), at(3, 0, 0));
    List<Se3> estimate = List.of(at(0, .1, 0), at(1, -.1, 0), at(2, -.1, 0), at(3, .1, 0));
    assertThat(TrajectoryError.of(pairs(estimate, truth), Alignment.SE3).rmseM())
        .isCloseTo(0.1, within(1e-12));
    // Umeyama's scale: Σ x·x' / Σ |x'|² = 5 / (5 + 4 · 0.01).
    TrajectoryError sim3 = TrajectoryError.of(pairs(estimate, truth), Alignment.SIM3);
    assertThat(sim3.scale()).isCloseTo(5 / 5.04, within(1e-12));
  }

  @Test
  void twoPosesAreTooFewToAlign() {
    List<Se3> two = List.of(at(0, 0, 0), at(1, 0, 0));
    assertThatThrownBy(() -> TrajectoryError.of(pairs(two, two), Alignment.SE3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got 2");
  }

  @Test
  void relativeErrorComparesStepsInTheCamerasOwnFrame() {
    // Truth: 1 m forward each frame. Estimate: steps of 1.3 m and 1 m, the second with 3° of turn;
    // and the whole estimate lies turned in its world, which must not matter.
    List<Se3> truth = List.of(at(0, 0, 0), at(1, 0, 0), at(2, 0, 0));
    Se3 turn3Deg = Se3.exp(new double[] {0, 0, 0, 0, 0, Math.toRadians(3)});
    Se3 first = LEFT_90_DEG;
    Se3 second = first.times(at(1.3, 0, 0));
    Se3 third = second.times(at(1, 0, 0)).times(turn3Deg);
    RelativePoseError rpe = RelativePoseError.of(pairs(List.of(first, second, third), truth), 1, 1);
    // translation errors 0.3 and 0: RMSE √(0.09/2); rotation 0 and 3°: RMSE √(9/2), mean 1.5.
    assertThat(rpe.steps()).isEqualTo(2);
    assertThat(rpe.translationRmseM()).isCloseTo(Math.sqrt(0.045), within(1e-9));
    assertThat(rpe.rotationRmseDeg()).isCloseTo(Math.sqrt(4.5), within(1e-9));
    assertThat(rpe.rotationMeanDeg()).isCloseTo(1.5, within(1e-9));
  }

  @Test
  void aStepOverALostFrameIsNotAStep() {
    Se3 far = at(9, 0, 0);
    List<PosePair> pairs =
        List.of(pair(0, at(0, 0, 0), at(0, 0, 0)), pair(1, far, far), pair(3, far, at(0, 0, 0)));
    RelativePoseError rpe = RelativePoseError.of(pairs, 1, 1);
    assertThat(rpe.steps()).isEqualTo(1);
    assertThat(rpe.translationRmseM()).isCloseTo(0, within(1e-12));
    assertThat(RelativePoseError.of(List.of(), 1, 1).translationRmseM()).isNaN();
  }

  @Test
  void kittiDriftOfAPathFivePercentTooLong() {
    // 26 poses 1 m apart: 25 m of path, a short clip. Starts 0, 10, 20. A segment ends at the first
    // pose MORE than its length away: 11 steps for 10 m, 21 for 20 m.
    // Lengths of 10 m from starts 0, 10: two. 20 m from start 0: one.
    // Estimate 1.05 m a step: errors 0.55 m of 10 m = 5.5 %, twice, and 1.05 m of 20 m = 5.25 %.
    List<Se3> truth = line(26, 1);
    KittiDrift drift = KittiDrift.of(pairs(line(26, 1.05), truth), 1);
    assertThat(drift.shortClip()).isTrue();
    assertThat(drift.segments()).isEqualTo(3);
    assertThat(drift.lengthsM()).containsExactly(10, 20);
    assertThat(drift.translationPercent()).isCloseTo((5.5 + 5.5 + 5.25) / 3, within(1e-9));
    assertThat(drift.rotationDegPer100M()).isCloseTo(0, within(1e-9));
    // With the scale taken out nothing is left.
    assertThat(KittiDrift.of(pairs(line(26, 1.05), truth), 1 / 1.05).translationPercent())
        .isCloseTo(0, within(1e-9));
  }

  @Test
  void kittiRotationIsPerHundredMetres() {
    // 12 poses 1 m apart, one segment of 10 m (11 steps); the estimate turns 0.1° a step about the
    // direction of travel, so the path is right and the end is 1.1° off: 11° per 100 m.
    List<Se3> truth = line(12, 1);
    List<Se3> rolled = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      rolled.add(
          truth.get(i).times(Se3.exp(new double[] {0, 0, 0, Math.toRadians(0.1 * i), 0, 0})));
    }
    KittiDrift drift = KittiDrift.of(pairs(rolled, truth), 1);
    assertThat(drift.segments()).isEqualTo(1);
    assertThat(drift.rotationDegPer100M()).isCloseTo(11, within(1e-6));
    assertThat(drift.translationPercent()).isCloseTo(0, within(1e-9));
  }

  @Test
  void longPathsUseKittisOwnLengthsAndTooShortOnesNone() {
    KittiDrift whole = KittiDrift.of(pairs(line(260, 1), line(260, 1)), 1);
    assertThat(whole.shortClip()).isFalse();
    assertThat(whole.lengthsM()).containsExactly(100, 200);
    KittiDrift none = KittiDrift.of(pairs(line(5, 1), line(5, 1)), 1);
    assertThat(none.segments()).isZero();
    assertThat(none.translationPercent()).isNaN();
  }

  @Test
  void scaleThatDoublesHalfWayDriftsByHalfTheLogOfTwo() {
    // 101 poses a metre apart: ten windows of 10 m. The estimate doubles its steps after 50 m, so
    // five windows have log scale 0 and five log 2: standard deviation log(2) / 2.
    List<Se3> truth = line(101, 1);
    List<Se3> estimate = new ArrayList<>();
    for (int i = 0; i <= 100; i++) {
      estimate.add(at(i <= 50 ? i : 50 + 2 * (i - 50), 0, 0));
    }
    ScaleDrift drift = ScaleDrift.of(pairs(estimate, truth));
    assertThat(drift.windowM()).isEqualTo(10);
    assertThat(drift.logScale()).hasSize(10);
    assertThat(drift.stdLog()).isCloseTo(Math.log(2) / 2, within(1e-9));
    // Slope of 0 0 0 0 0 1 1 1 1 1 against 5 15 .. 95: Σ(x-50)y / Σ(x-50)² = 125/8250 per metre.
    assertThat(drift.trendLog()).isCloseTo(Math.log(2) * 12500 / 8250, within(1e-9));
  }

  @Test
  void onAShortPathTheTrendIsOverThatPathAndNotExtrapolated() {
    // 10 m in 101 poses, windows of 1 m; each step is 1 % of the path longer in log than the one
    // before, so that log scale rises by 1 over the whole path.
    List<Se3> truth = line(101, 0.1);
    List<Se3> estimate = new ArrayList<>();
    double x = 0;
    for (int i = 0; i <= 100; i++) {
      estimate.add(at(x, 0, 0));
      x += 0.1 * Math.exp(0.01 * i);
    }
    // Within a window the step is not constant, hence the tolerance.
    assertThat(ScaleDrift.of(pairs(estimate, truth)).trendLog()).isCloseTo(1, within(0.01));
  }

  @Test
  void aConstantWrongScaleIsNoDrift() {
    ScaleDrift drift = ScaleDrift.of(pairs(line(101, 3), line(101, 1)));
    double[] logOfThree = DoubleStream.generate(() -> Math.log(3)).limit(10).toArray();
    assertThat(drift.logScale()).containsExactly(logOfThree, within(1e-9));
    assertThat(drift.stdLog()).isCloseTo(0, within(1e-9));
  }

  private static List<Se3> line(int poses, double stepM) {
    return IntStream.range(0, poses).mapToObj(i -> at(i * stepM, 0, 0)).toList();
  }

  private static Se3 at(double x, double y, double z) {
    return Se3.ofTranslation(x, y, z);
  }

  private static List<PosePair> pairs(List<Se3> estimate, List<Se3> truth) {
    return IntStream.range(0, truth.size())
        .mapToObj(i -> pair(i, estimate.get(i), truth.get(i)))
        .toList();
  }

  private static PosePair pair(int frame, Se3 estimate, Se3 truth) {
    return new PosePair(frame, millis(100L * frame), estimate, truth);
  }

  private static Timestamp millis(long ms) {
    return new Timestamp(ms * 1_000_000);
  }

  private static List<Timestamp> stamps(long... ms) {
    return Arrays.stream(ms).mapToObj(OdometryMeasuresTest::millis).toList();
  }

  /** Poses whose x is their stamp in milliseconds, to be told apart by. */
  private static List<StampedPose> poses(long... ms) {
    return Arrays.stream(ms).mapToObj(t -> new StampedPose(millis(t), at(t, 0, 0))).toList();
  }
}
