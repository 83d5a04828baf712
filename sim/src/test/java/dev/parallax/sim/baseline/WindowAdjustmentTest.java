package dev.parallax.sim.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WindowAdjustmentTest {
  private final Random random = new Random(3);
  private final List<Keyframe> window = new ArrayList<>();
  private final List<Se3> truth = new ArrayList<>();
  private final List<Track> tracks = new ArrayList<>();
  private final List<double[]> points = new ArrayList<>();

  /** Five cameras in a row, 0.2 apart, that see points 2 to 6 ahead. */
  private void build(int outliers) {
    for (int k = 0; k < 5; k++) {
      Se3 T_cam_odom = Se3.exp(new double[] {-0.2 * k, 0.01 * k, 0, 0, 0.02 * k, 0.01 * k});
      truth.add(T_cam_odom);
      window.add(new Keyframe(T_cam_odom));
    }
    for (int i = 0; i < 120; i++) {
      double z = 2 + 4 * random.nextDouble();
      double[] p = {z * (random.nextDouble() - 0.3), z * (random.nextDouble() - 0.5), z};
      points.add(p);
      Track track = new Track(0, 0, 0, 0);
      for (int k = 0; k < 5; k++) {
        double[] c = truth.get(k).transform(p[0], p[1], p[2]);
        track.x = c[0] / c[2] + (i < outliers && k == 3 ? 0.2 : 0);
        track.y = c[1] / c[2];
        track.seenBy(window.get(k));
      }
      track.point_odom = p.clone();
      tracks.add(track);
    }
  }

  private void disturb() {
    for (int k = 2; k < 5; k++) {
      double[] twist = new double[6];
      for (int c = 0; c < 6; c++) {
        twist[c] = 0.02 * random.nextGaussian();
      }
      window.get(k).T_cam_odom = Se3.exp(twist).times(truth.get(k));
    }
    for (Track track : tracks) {
      for (int c = 0; c < 3; c++) {
        track.point_odom[c] += 0.03 * random.nextGaussian();
      }
    }
  }

  private double worstPose() {
    double worst = 0;
    for (int k = 0; k < 5; k++) {
      double[] e = window.get(k).T_cam_odom.times(truth.get(k).inverse()).log();
      for (double c : e) {
        worst = Math.max(worst, Math.abs(c));
      }
    }
    return worst;
  }

  @Test
  void disturbedPosesAndPointsComeBack() {
    build(0);
    disturb();
    assertThat(worstPose()).isGreaterThan(0.02);

    new WindowAdjustment(0.01).adjust(window, tracks);

    assertThat(worstPose()).isLessThan(1e-4);
    assertThat(tracks.get(0).point_odom[2]).isCloseTo(points.get(0)[2], within(1e-3));
  }

  @Test
  void aFewWrongSightingsBendThePosesOnlyALittle() {
    build(6);
    disturb();

    new WindowAdjustment(0.002).adjust(window, tracks);

    assertThat(worstPose()).isLessThan(2e-3);
  }

  @Test
  void theTwoOldestPosesStayToTheBit() {
    build(0);
    disturb();
    Se3 first = window.get(0).T_cam_odom;
    Se3 second = window.get(1).T_cam_odom;

    new WindowAdjustment(0.01).adjust(window, tracks);

    assertThat(window.get(0).T_cam_odom).isSameAs(first);
    assertThat(window.get(1).T_cam_odom).isSameAs(second);
  }
}
