package dev.parallax.perception.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.Intrinsics;
import dev.parallax.kernels.Shape;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.GroundPlane;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** A camera 1.2 over a level floor that ends at a wall 9 ahead. */
class GroundWatchTest {
  private static final DepthGrid GRID =
      new DepthGrid(Shape.of(240, 320), new Intrinsics(260, 260, 160, 100), 2);
  private static final double HEIGHT = 1.2;
  private static final Offset<Double> NEAR = within(0.03);

  private final GroundWatch watch = new GroundWatch(GRID);

  private static DepthMap seen() {
    int pixels = GRID.shape().pixels();
    float[] depth = new float[pixels];
    float[] std = new float[pixels];
    for (int i = 0; i < pixels; i++) {
      double y = GRID.rowSlopes()[i / GRID.width()];
      depth[i] = (float) (y > HEIGHT / 9 ? HEIGHT / y : 9);
      std[i] = 0.02f * depth[i];
    }
    return new DepthMap(GRID.width(), GRID.height(), depth, std);
  }

  private static MovingMask all(byte label) {
    byte[] labels = new byte[GRID.shape().pixels()];
    Arrays.fill(labels, label);
    return new MovingMask(GRID.width(), GRID.height(), labels);
  }

  private GroundPlane ground() {
    return watch.ground().orElseThrow();
  }

  @Test
  void theFloorIsFoundInWhatRests() {
    watch.look(seen(), all(MovingMask.STATIC));

    assertThat(ground().height()).isCloseTo(HEIGHT, NEAR);
    assertThat(ground().tiltRad()).isLessThan(0.02);
  }

  @Test
  void whatMovesIsNoFloor() {
    watch.look(seen(), all(MovingMask.MOVING));

    assertThat(watch.ground()).isEmpty();
  }

  @Test
  void aCameraThatRisesAndNodsSeesTheSameFloorFartherBelowAndTilted() {
    watch.look(seen(), all(MovingMask.STATIC));
    double before = ground().height();

    // Up is -y: points come to lie 0.3 lower; then the camera looks up by 0.1 rad.
    watch.carry(Se3.ofRotationVector(0.1, 0, 0).times(Se3.ofTranslation(0, 0.3, 0)));

    assertThat(ground().height()).isCloseTo(before + 0.3, within(0.001));
    assertThat(ground().tiltRad()).isCloseTo(0.1, within(0.02));
  }

  @Test
  void aNewUnitOfLengthIsThatOfTheHeight() {
    watch.look(seen(), all(MovingMask.STATIC));
    double before = ground().height();

    watch.rescale(2.5);

    assertThat(ground().height()).isCloseTo(2.5 * before, within(1e-6));
  }

  @Test
  void aFloorThatIsNotSeenAnyMoreIsForgotten() {
    watch.look(seen(), all(MovingMask.STATIC));
    for (int frame = 0; frame < 60; frame++) {
      watch.carry(Se3.identity());
      watch.look(seen(), all(MovingMask.UNKNOWN));
    }

    assertThat(watch.ground()).isEmpty();
  }
}
