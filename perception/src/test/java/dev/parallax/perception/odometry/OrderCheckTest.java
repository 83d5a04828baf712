package dev.parallax.perception.odometry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.prior.PriorDepth;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The scene lies nearer the farther down it is seen. */
class OrderCheckTest {
  private static final Timestamp SEEN = new Timestamp(1);
  private static final DepthOrder LOWER_IS_NEARER = (u, v) -> v;

  private final PointScene scene = new PointScene(5, 300);
  private final OrderCheck check = new OrderCheck();

  private boolean isReversed(double[] inverseDepth, boolean[] leftOut) {
    Keyframe keyframe = scene.window.latest();
    return check.isReversed(scene.points, keyframe, inverseDepth, leftOut);
  }

  /** With a sign, and noise as large as the differences. */
  private double[] depths(double sign) {
    double[] depths = new double[scene.points.count];
    for (int i = 0; i < depths.length; i++) {
      double slope = scene.points.seen[0][2 * i + 1] / 480.0;
      depths[i] = 1 + sign * slope + 0.3 * scene.random.nextGaussian();
    }
    return depths;
  }

  @Test
  void nearAndFarExchangedIsTold() {
    check.hear(SEEN, LOWER_IS_NEARER);
    assertThat(isReversed(depths(1), null)).isFalse();
    assertThat(isReversed(depths(-1), null)).isTrue();
  }

  @Test
  void withoutAGuessAtThatPictureNothingIsSaid() {
    assertThat(isReversed(depths(-1), null)).isFalse();
    check.hear(new Timestamp(77), LOWER_IS_NEARER);
    assertThat(isReversed(depths(-1), null)).isFalse();
  }

  @Test
  void pointsLeftOutOrWithoutDepthAreNotAsked() {
    check.hear(SEEN, LOWER_IS_NEARER);
    double[] depths = depths(-1);
    boolean[] leftOut = new boolean[depths.length];
    Arrays.fill(leftOut, 40, leftOut.length, true);
    assertThat(isReversed(depths, leftOut)).as("forty points").isFalse();
    Arrays.fill(depths, 0, 260, Double.NaN);
    assertThat(isReversed(depths, null)).as("forty points").isFalse();
  }

  @Test
  void aNetworksAnswerIsLookedUpWhereThePictureShowsIt() {
    PriorDepth answer =
        new PriorDepth(
            PointScene.CAMERA.reducedBy(320),
            new float[] {4, 2},
            new float[2],
            PriorDepth.Meaning.UP_TO_SCALE_AND_SHIFT);
    assertThat(answer.inverseDepthAt(319.4, 10, PointScene.CAMERA)).isEqualTo(0.25);
    assertThat(answer.inverseDepthAt(319.6, 479, PointScene.CAMERA)).isEqualTo(0.5);
    assertThat(answer.inverseDepthAt(-1, 10, PointScene.CAMERA)).isNaN();
    assertThat(answer.inverseDepthAt(640, 10, PointScene.CAMERA)).isNaN();
  }
}
