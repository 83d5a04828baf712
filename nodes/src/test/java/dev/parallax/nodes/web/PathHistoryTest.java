package dev.parallax.nodes.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class PathHistoryTest {
  @Test
  void aPathIsBoundedHoweverLongTheDriveAndStillBeginsAtItsStart() {
    PathHistory path = new PathHistory(64);
    for (int i = 0; i < 10_000; i++) {
      path.add(i, 0, 0);
    }
    assertThat(path.count()).isBetween(30, 64);
    assertThat(path.generation()).isPositive();
    ByteBuffer body = body(path, 0);
    assertThat(body.getFloat(8)).isZero();
    assertThat(body.getFloat(8 + 12 * (path.count() - 1))).isGreaterThan(9_600);
  }

  @Test
  void theLengthCountsEveryStepButNoneAcrossABreak() {
    PathHistory path = new PathHistory(64);
    path.add(0, 0, 0);
    path.add(3, 4, 0);
    path.breakHere();
    path.add(100, 0, 0);
    path.add(100, 0, 2);
    assertThat(path.length()).isEqualTo(7, within(1e-9));
  }

  @Test
  void aBreakIsMarkedOnceByAPointThatIsNotANumber() {
    PathHistory path = new PathHistory(64);
    path.add(1, 2, 3);
    path.breakHere();
    path.breakHere();
    path.add(4, 5, 6);
    assertThat(path.count()).isEqualTo(3);
    assertThat(body(path, 0).getFloat(8 + 12)).isNaN();
  }

  @Test
  void aPieceSaysWhereItBegins() {
    PathHistory path = new PathHistory(64);
    for (int i = 0; i < 5; i++) {
      path.add(i, 0, 0);
    }
    ByteBuffer body = body(path, 3);
    assertThat(body.getInt(0)).isEqualTo(3);
    assertThat(body.getInt(4)).isEqualTo(2);
    assertThat(body.getFloat(8)).isEqualTo(3);
  }

  @Test
  void aPathOfNothingButBreaksIsBoundedToo() {
    PathHistory path = new PathHistory(64);
    for (int i = 0; i < 1_000; i++) {
      path.add(i, 0, 0);
      path.breakHere();
    }
    assertThat(path.count()).isLessThanOrEqualTo(64);
  }

  private static ByteBuffer body(PathHistory path, int first) {
    return ByteBuffer.wrap(path.sectionFrom(first).body()).order(ByteOrder.LITTLE_ENDIAN);
  }
}
