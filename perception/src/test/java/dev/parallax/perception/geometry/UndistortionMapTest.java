package dev.parallax.perception.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class UndistortionMapTest {
  private static final PinholeCamera K = new PinholeCamera(64, 48, 50, 50, 32, 24);

  @Test
  void leavesARectifiedPictureAsItIs() {
    UndistortionMap map = UndistortionMap.of(K);

    assertThat(map.coveredShare()).isEqualTo(1);
    for (int v = 0; v < 48; v++) {
      for (int u = 0; u < 64; u++) {
        assertThat(map.sourceUv()[2 * (64 * v + u)]).isCloseTo(u, within(1e-4f));
        assertThat(map.sourceUv()[2 * (64 * v + u) + 1]).isCloseTo(v, within(1e-4f));
      }
    }
  }

  @Test
  void pullsBarrelDistortedPixelsFromNearerTheCentre() {
    UndistortionMap map = UndistortionMap.of(BrownConradyCamera.plumbBob(K, -0.2, 0, 0, 0));

    assertThat(map.coveredShare()).isEqualTo(1);
    // Pixel (57, 24) lies at a = 0.5: 0.5 (1 - 0.2 * 0.25) * 50 + 32.
    int at = 2 * (64 * 24 + 57);
    assertThat(map.sourceUv()[at]).isCloseTo(55.75f, within(1e-4f));
    assertThat(map.sourceUv()[at + 1]).isCloseTo(24, within(1e-4f));
  }

  @Test
  void hasNoSourceForWhatTheDistortedPictureDoesNotShow() {
    UndistortionMap pincushion = UndistortionMap.of(BrownConradyCamera.plumbBob(K, 0.4, 0, 0, 0));

    assertThat(pincushion.sourceUv()[0]).isNaN();
    assertThat(pincushion.sourceUv()[1]).isNaN();
    assertThat(pincushion.sourceUv()[2 * (64 * 24 + 32)]).isCloseTo(32, within(1e-4f));
    assertThat(pincushion.coveredShare()).isBetween(0.5, 0.95);
  }

  @Test
  void hasNoSourceBeyondTheFoldOfTheModel() {
    // Folds at r = 1 / sqrt(3 * 3): a third of the focal length, 16.7 pixels from the centre.
    UndistortionMap folding = UndistortionMap.of(BrownConradyCamera.plumbBob(K, -3, 0, 0, 0));

    assertThat(folding.sourceUv()[2 * (64 * 24 + 32 + 16)]).isNotNaN();
    assertThat(folding.sourceUv()[2 * (64 * 24 + 32 + 17)]).isNaN();
  }

  @Test
  void bringsFieldsOverByTheNearestSampleWithoutBlending() {
    UndistortionMap map = UndistortionMap.of(BrownConradyCamera.plumbBob(K, 0.4, 0, 0, 0));
    float[] columns = new float[64 * 48];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = i % 64;
    }

    float[] rectified = map.sampleNearest(columns);

    assertThat(rectified[0]).isNaN();
    // Pixel (42, 24) lies at a = 0.2: 0.2 (1 + 0.4 * 0.04) * 50 + 32 = 42.16.
    assertThat(rectified[64 * 24 + 42]).isEqualTo(42);
    // Pixel (52, 24) lies at a = 0.4: 0.4 (1 + 0.4 * 0.16) * 50 + 32 = 53.28.
    assertThat(rectified[64 * 24 + 52]).isEqualTo(53);
  }
}
