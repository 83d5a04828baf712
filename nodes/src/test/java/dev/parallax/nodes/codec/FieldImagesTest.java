package dev.parallax.nodes.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FlowField;
import dev.parallax.perception.frame.SceneFlowField;
import org.junit.jupiter.api.Test;

class FieldImagesTest {
  private static final float NAN = Float.NaN;

  @Test
  void depthIsUnitsOverUnitsPerMetreAndUnknownAtBothEnds() throws Exception {
    Image16 image = new Image16(4, 1, 1, new short[] {0, 5000, (short) 60000, (short) 65535});

    DepthMap depth = FieldImages.depth(image, 5000, 0);

    assertThat(depth.depthM()).containsExactly(NAN, 1, 12, NAN);
    assertThat(depth.stdM()).containsExactly(NAN, 0, 0, NAN);
  }

  @Test
  void depthThatDoesNotFitIsStoredAsUnknown() {
    float[] depthM = {1.0001f, NAN, Float.POSITIVE_INFINITY, 70, -1, 65.534f};

    Image16 image = FieldImages.units(6, 1, depthM, 1000);

    assertThat(image.data()).containsExactly(1000, 0, 0, 0, 0, 65534);
  }

  @Test
  void flowIsStoredAsKittiStoresIt() throws Exception {
    FlowField flow = new FlowField(3, 1, new float[] {0, -1.5f, NAN, 1, 600, 0});

    Image16 image = FieldImages.of(flow);

    assertThat(image.data()).containsExactly(32768, 32768 - 96, 1, 0, 0, 0, 0, 0, 0);
    assertThat(FieldImages.flow(image).uv()).containsExactly(0, -1.5f, NAN, NAN, NAN, NAN);
  }

  @Test
  void sceneFlowKeepsMillimetresPerSecond() throws Exception {
    SceneFlowField field = new SceneFlowField(2, 1, new float[] {1.2344f, -0.5f, 0, NAN, NAN, NAN});

    Image16 image = FieldImages.of(field);

    assertThat(image.data()).containsExactly(34002, 32268, 32768, 0, 0, 0);
    assertThat(FieldImages.sceneFlow(image).velocityMps())
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(1.234f, -0.5f, 0, NAN, NAN, NAN);
    assertThat(FieldImages.sceneFlow(image).velocityMps()[0]).isCloseTo(1.234f, within(1e-6f));
  }

  @Test
  void refusesAnImageWithTheWrongNumberOfChannels() {
    Image16 grey = new Image16(1, 1, 1, new short[1]);

    assertThatThrownBy(() -> FieldImages.flow(grey))
        .isInstanceOf(ImageFormatException.class)
        .hasMessageContaining("expected 3 channel(s) of 16 bits, got 1");
  }
}
