package dev.parallax.sim.eval.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.FlowField;
import dev.parallax.perception.frame.MovingMask;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class MotionMeasuresTest {
  private static final float NAN = Float.NaN;
  private static final Offset<Double> EXACT = within(1e-6);

  @Test
  void flowErrorsOfFivePixels() {
    // True flow: (3,4) (0,0) (100,0) (100,0) unknown; the last but one is not estimated.
    // Errors: (3,0) off by exactly 3 px, not over it; (0,5): 5 px, an outlier; (104,0): 4 px but
    // only 4 % of 100, no outlier.
    FlowError error = new FlowError();
    double frame =
        error.add(
            field(6, 4, 0, 5, 104, 0, NAN, NAN, 7, 7), field(3, 4, 0, 0, 100, 0, 100, 0, NAN, NAN));
    FlowError.Result r = error.result();
    assertThat(r.pixels()).isEqualTo(3);
    assertThat(r.density()).isCloseTo(0.75, EXACT);
    assertThat(r.epePx()).isCloseTo((3 + 5 + 4) / 3.0, EXACT);
    assertThat(frame).isCloseTo(4, EXACT);
    assertThat(r.f1All()).isCloseTo(1.0 / 3, EXACT);
  }

  @Test
  void flowsOfDifferentSizesAreRefused() {
    assertThatThrownBy(() -> new FlowError().add(field(1, 1), field(1, 1, 2, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1x1 but the truth 2x1");
  }

  @Test
  void sceneFlowErrorsAreDisplacementsBetweenFrames() {
    // 0.1 s between frames, the estimate in units of 2 m.
    // Pixel 0 rests; estimate (0.15,0,0) units/s = 0.3 m/s = 3 cm: within 5 cm.
    // Pixel 1 moves 20 m/s = 2 m; estimate 9.6 units/s = 1.92 m: 8 cm off, but only 4 %.
    // Pixel 2 moves 2 m/s = 20 cm; estimate 0: 20 cm off.
    // Pixel 3 is unknown in the estimate.
    float[] truth = {0, 0, 0, 20, 0, 0, 0, 2, 0, 1, 1, 1};
    float[] estimate = {0.15f, 0, 0, 9.6f, 0, 0, 0, 0, 0, NAN, NAN, NAN};
    boolean[] moves = {false, true, true, true}; // the last one is near, but not estimated
    double[] depthM = {2, 30, 4, 4}; // pixel 1 is too far for the velocity of near bodies
    SceneFlowError error = new SceneFlowError();
    for (int i = 0; i < 4; i++) {
      error.add(estimate, 3 * i, truth, 3 * i, 2, 0.1, moves[i], depthM[i]);
    }
    assertThat(error.all().pixels()).isEqualTo(3);
    assertThat(error.all().epe3dM()).isCloseTo((0.03 + 0.08 + 0.2) / 3, EXACT);
    assertThat(error.all().accuracy()).isCloseTo(2.0 / 3, EXACT);
    assertThat(error.moving().pixels()).isEqualTo(2);
    assertThat(error.moving().epe3dM()).isCloseTo(0.14, EXACT);
    assertThat(error.moving().accuracy()).isCloseTo(0.5, EXACT);
    assertThat(error.nearMovingPixels()).isEqualTo(1);
    assertThat(error.nearMovingDensity()).isCloseTo(0.5, EXACT);
    assertThat(error.nearMovingMps()).isCloseTo(2, EXACT);
  }

  @Test
  void maskOverlapOfSixPixels() {
    // truth    M M M S S ?
    // estimate M S ? M S M : both 1; either 4 (M, S, ?, false M); decided either 3; the last is out
    MaskOverlap overlap = new MaskOverlap();
    byte m = MovingMask.MOVING;
    byte s = MovingMask.STATIC;
    byte u = MovingMask.UNKNOWN;
    byte[] truth = {m, m, m, s, s, u};
    byte[] estimate = {m, s, u, m, s, m};
    for (int i = 0; i < truth.length; i++) {
      overlap.add(estimate[i], truth[i]);
    }
    MaskOverlap.Result r = overlap.result();
    assertThat(r.pixels()).isEqualTo(5);
    assertThat(r.iou()).isCloseTo(1.0 / 4, EXACT);
    assertThat(r.iouDecided()).isCloseTo(1.0 / 3, EXACT);
    assertThat(r.unknownShare()).isCloseTo(1.0 / 5, EXACT);
  }

  @Test
  void aSceneAtRestHasNoOverlapToMeasure() {
    MaskOverlap overlap = new MaskOverlap();
    overlap.add(MovingMask.STATIC, MovingMask.STATIC);
    assertThat(overlap.result().iou()).isNaN();
  }

  private static FlowField field(float... uv) {
    return new FlowField(uv.length / 2, 1, uv);
  }
}
