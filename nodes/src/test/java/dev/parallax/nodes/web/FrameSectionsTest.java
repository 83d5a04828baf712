package dev.parallax.nodes.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FrameSectionsTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(4, 2, 3, 3, 1.5, 0.5);
  private final FrameSections sections = new FrameSections();

  @Test
  void depthComesBackWithinHalfAStep() {
    ByteBuffer body = depth(1.25f, 2, 3, 4, 5, 6, 7, 8);
    float unitsPerStep = body.getFloat(4);
    assertThat(unitsPerStep).isLessThan(0.001f);
    for (int i = 0; i < 8; i++) {
      float expected = i == 0 ? 1.25f : i + 1;
      assertThat(Short.toUnsignedInt(body.getShort(80 + 2 * i)) * unitsPerStep)
          .isEqualTo(expected, within(0.51f * unitsPerStep));
    }
  }

  @Test
  void unknownAndSkyHaveStepsOfTheirOwn() {
    ByteBuffer body = depth(Float.NaN, Float.POSITIVE_INFINITY, 1, 1, 1, 1, 1, 1);
    assertThat(Short.toUnsignedInt(body.getShort(80))).isEqualTo(FrameSections.DEPTH_UNKNOWN);
    assertThat(Short.toUnsignedInt(body.getShort(82))).isEqualTo(FrameSections.DEPTH_SKY);
  }

  @Test
  void aFieldWithoutOneKnownDepthIsStillAMessage() {
    float nan = Float.NaN;
    ByteBuffer body = depth(nan, nan, nan, nan, nan, nan, nan, nan);
    for (int i = 0; i < 8; i++) {
      assertThat(body.getShort(80 + 2 * i)).isZero();
    }
  }

  @Test
  void velocityKeepsItsSignAndUnknownIsNotZero() {
    float[] velocity = new float[24];
    Arrays.fill(velocity, 0f);
    velocity[0] = -1; // to the left
    velocity[5] = 0.5f; // second pixel, away
    velocity[6] = Float.NaN;
    byte[] labels = new byte[8];
    labels[3] = MovingMask.MOVING;
    ByteBuffer body =
        ByteBuffer.wrap(
                sections
                    .motion(
                        new SceneFlowField(4, 2, velocity), new MovingMask(4, 2, labels), CAMERA)
                    .body())
            .order(ByteOrder.LITTLE_ENDIAN);
    float perStep = body.getFloat(4);
    assertThat(body.get(8) * perStep).isEqualTo(-1, within(perStep));
    assertThat(body.get(8 + 8 + 1) * perStep).isEqualTo(0.5f, within(perStep));
    assertThat(body.get(8 + 2)).isEqualTo(FrameSections.VELOCITY_UNKNOWN);
    assertThat(body.get(8 + 16 + 3)).isEqualTo(MovingMask.MOVING);
  }

  @Test
  void largeFieldsAreThinnedAndTheirCameraWithThem() {
    FrameOutcome.Estimated frame = new SyntheticDrive(640, 480, ScaleSource.RELATIVE).estimated(0);
    ByteBuffer body =
        ByteBuffer.wrap(sections.depth(frame.depth(), frame.depthCamera(), Se3.identity()).body())
            .order(ByteOrder.LITTLE_ENDIAN);
    assertThat(body.getShort(0)).isEqualTo((short) 320);
    assertThat(body.getShort(2)).isEqualTo((short) 240);
    assertThat(body.getFloat(16)).isEqualTo((float) frame.depthCamera().fx() / 2);
    assertThat(body.capacity()).isEqualTo(80 + 2 * 320 * 240);
  }

  private ByteBuffer depth(float... depthM) {
    DepthMap map = new DepthMap(4, 2, depthM, new float[8]);
    return ByteBuffer.wrap(sections.depth(map, CAMERA, Se3.identity()).body())
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
