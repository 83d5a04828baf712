package dev.parallax.perception.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** A level road 1.6 under the camera, known to 2 %. */
class GroundPlaneTest {
  private final GroundPlane road = new GroundPlane(0, 1 / 1.6, 0, 0.02, 1);

  private double surelyBeneath(double y) {
    float[] beneath = road.surelyBeneath();
    return 1 / (beneath[1] * y + beneath[2]);
  }

  @Test
  void whatIsSurelyBeneathIsFartherByMoreTheFartherTheRoadIs() {
    assertThat(surelyBeneath(1.6 / 5)).as("road at 5").isCloseTo(6.08, within(0.05));
    assertThat(surelyBeneath(1.6 / 20)).as("road at 20").isCloseTo(30.4, within(0.1));
  }

  @Test
  void farOffNothingIsSurelyBeneath() {
    assertThat(surelyBeneath(1.6 / 100)).isNegative();
  }
}
