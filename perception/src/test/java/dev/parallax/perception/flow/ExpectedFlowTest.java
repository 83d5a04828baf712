package dev.parallax.perception.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.Intrinsics;
import dev.parallax.kernels.Shape;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A road 1.5 m under a camera that drives along it, and turns. */
class ExpectedFlowTest {
  private static final double HEIGHT_M = 1.5;
  private static final DepthGrid GRID =
      new DepthGrid(Shape.of(202, 330), new Intrinsics(300, 310, 164, 101), 2);

  private final ExpectedFlow expected = new ExpectedFlow(GRID);
  private final int width = GRID.width();
  private final int height = GRID.height();

  @Test
  void aRoadFlowsAsItsPlaneSays() {
    Se3 T_cur_prev = Se3.ofTranslation(0.1, 0, -1);
    float[] flow = expected.of(road(height), T_cur_prev);
    assertThat(flow).isNotNull();
    for (int v = 80; v < height - 8; v += 5) {
      double depthM = HEIGHT_M / GRID.rowSlopes()[v];
      double x = GRID.columnSlopes()[60];
      double u = (x * depthM + 0.1) / (depthM - 1) - x;
      double w = HEIGHT_M / (depthM - 1) - GRID.rowSlopes()[v];
      assertThat(flow[2 * (v * width + 60)]).isCloseTo((float) (150 * u), within(1f));
      assertThat(flow[2 * (v * width + 60) + 1]).isCloseTo((float) (155 * w), within(1f));
    }
  }

  @Test
  void whereDepthIsUnknownTheFlowIsThatOfItsSurroundings() {
    float[] whole = expected.of(road(height), Se3.ofTranslation(0, 0, -1));
    float[] part = expected.of(road(85), Se3.ofTranslation(0, 0, -1));
    assertThat(whole).isNotNull();
    assertThat(part).isNotNull();
    int lowest = (height - 1) * width + 60;
    assertThat(part[2 * lowest + 1]).isBetween(0.4f * whole[2 * lowest + 1], whole[2 * lowest + 1]);
    for (float value : part) {
      assertThat(value).isFinite();
    }
  }

  @Test
  void aTurnMovesAllOfThePictureWhateverItsDepth() {
    Se3 T_cur_prev = Se3.ofRotationVector(0, 0.1, 0);
    float[] flow = expected.of(null, T_cur_prev);
    float[] ofRoad = expected.of(road(height), T_cur_prev);
    assertThat(flow).isNotNull().isEqualTo(ofRoad);
    int middle = height / 2 * width + width / 2;
    assertThat(flow[2 * middle]).isCloseTo((float) (150 * Math.tan(0.1)), within(0.3f));
  }

  @Test
  void whatASearchFindsFromNothingIsLeftToIt() {
    assertThat(expected.of(road(height), Se3.ofTranslation(0, 0, -0.01))).isNull();
    assertThat(expected.of(null, Se3.identity())).isNull();
  }

  @Test
  void whatTheCameraDrivesThroughIsNotExpectedAnywhere() {
    float[] flow = expected.of(road(height), Se3.ofTranslation(0, 0, -4));
    assertThat(flow).isNotNull();
    assertThat(flow[2 * ((height - 1) * width + 60) + 1]).isZero();
  }

  /** Seen down to a row only; above the horizon is sky. */
  private float[] road(int rows) {
    float[] depth = new float[width * height];
    Arrays.fill(depth, Float.NaN);
    for (int i = 0; i < rows * width; i++) {
      float slope = GRID.rowSlopes()[i / width];
      depth[i] = slope > 0 ? (float) (HEIGHT_M / slope) : Float.POSITIVE_INFINITY;
    }
    return depth;
  }
}
