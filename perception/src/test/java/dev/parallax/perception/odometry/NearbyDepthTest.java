package dev.parallax.perception.odometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** A wall far away on the left of the picture, one near by on the right. */
class NearbyDepthTest {
  private static final double FAR = 0.2;
  private static final double NEAR = 2;

  private final NearbyDepth nearby = new NearbyDepth(200);

  @Test
  void aPlaceHasTheDepthOfWhatIsBesideIt() {
    walls();
    assertThat(nearby.at(105, 200)).isEqualTo(FAR);
    assertThat(nearby.at(515, 33)).isEqualTo(NEAR);
    assertThat(nearby.at(-50, 900)).isEqualTo(FAR);
  }

  @Test
  void twoOutOfFiveDoNotCount() {
    walls();
    nearby.add(105, 200, 77);
    nearby.add(106, 201, 99);
    assertThat(nearby.at(105, 200)).isEqualTo(FAR);
  }

  @Test
  void fewerThanFivePointsTellNothing() {
    nearby.add(1, 1, 1);
    assertThatThrownBy(() -> nearby.at(1, 1)).isInstanceOf(IllegalStateException.class);
  }

  private void walls() {
    for (int v = 0; v < 480; v += 48) {
      for (int u = 0; u < 320; u += 64) {
        nearby.add(u, v, FAR);
        nearby.add(u + 384, v, NEAR);
      }
    }
  }
}
