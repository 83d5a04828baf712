package dev.parallax.perception.odometry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PointTracksTest {
  private final PointTracks points = new PointTracks(4);

  private void add(int slot, float u) {
    points.add(slot, u, u + 1, u / 10, u / 20, 1 / u, 0.01 * u);
  }

  @Test
  void aNewPointIsSeenByItsHostAlone() {
    points.seen[3][0] = 9; // left from a point that was here before

    add(2, 10);

    for (int slot = 0; slot < PointTracks.SLOTS; slot++) {
      assertThat(points.isSeen(slot, 0)).isEqualTo(slot == 2);
    }
    assertThat(points.trust[0]).isEqualTo(1);
  }

  @Test
  void retainKeepsEverythingOfThePointsThatStayInTheirOrder() {
    for (int i = 1; i <= 4; i++) {
      add(i, 10 * i);
    }
    points.seeAll(7);
    points.trust[3] = 0.5f;

    points.retain(new boolean[] {false, true, false, true});

    assertThat(points.count).isEqualTo(2);
    assertThat(points.host).startsWith(2, 4);
    assertThat(points.uv).startsWith(20, 21, 40, 41);
    assertThat(points.rho[1]).isEqualTo(1 / 40f);
    assertThat(points.hostX[1]).isEqualTo(4);
    assertThat(points.hostY[1]).isEqualTo(2);
    assertThat(points.variance[0]).isEqualTo(0.01 * 20f);
    assertThat(points.trust[1]).isEqualTo(0.5f);
    assertThat(points.seen[7]).startsWith(20, 21, 40, 41);
    assertThat(points.isSeen(4, 1)).isTrue();
    assertThat(points.isSeen(4, 0)).isFalse();
  }

  @Test
  void aForgottenSlotSawNothing() {
    add(1, 10);
    points.seeAll(5);

    points.forgetSlot(5);

    assertThat(points.isSeen(5, 0)).isFalse();
    assertThat(points.isSeen(1, 0)).isTrue();
  }
}
