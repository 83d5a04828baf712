package dev.parallax.perception.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.geometry.Sim3;
import org.junit.jupiter.api.Test;

class MapCorrectionTest {
  private final Se3 T_odom_cam = Se3.exp(new double[] {100, 20, 0, 0, 0, 1});
  private final MapCorrection correction = new MapCorrection();

  private Se3 T_map_cam() {
    return correction.T_map_odom(T_odom_cam).times(T_odom_cam);
  }

  @Test
  void theCameraGlidesToItsNewPlaceAndNeverJumps() {
    Sim3 target = new Sim3(0.98, Se3.exp(new double[] {2, -1, 0, 0, 0, 0.02}));
    Se3 before = T_map_cam();

    correction.aimAt(target, T_odom_cam);

    assertThat(before.inverse().times(T_map_cam()).distance()).isCloseTo(0, within(1e-9));
    double whole = before.inverse().times(goal(target)).distance();
    Se3 last = T_map_cam();
    for (int frame = 0; frame < 60; frame++) {
      correction.advance();
      Se3 next = T_map_cam();
      assertThat(last.inverse().times(next).distance()).isLessThan(0.11 * whole);
      last = next;
    }
    assertThat(last.inverse().times(goal(target)).distance()).isLessThan(0.01 * whole);
  }

  private Se3 goal(Sim3 target) {
    return target.times(Sim3.of(T_odom_cam)).T_a_b();
  }

  @Test
  void aSecondLoopOnTheWayStartsFromWhereTheCameraIsShown() {
    correction.aimAt(Sim3.of(Se3.ofTranslation(1, 0, 0)), T_odom_cam);
    correction.advance();
    Se3 shown = T_map_cam();

    correction.aimAt(Sim3.of(Se3.ofTranslation(0, 3, 0)), T_odom_cam);

    assertThat(shown.inverse().times(T_map_cam()).distance()).isCloseTo(0, within(1e-9));
  }

  @Test
  void beforeALoopMapAndOdomAreTheSame() {
    assertThat(correction.T_map_odom(T_odom_cam).distance()).isCloseTo(0, within(1e-12));
  }
}
