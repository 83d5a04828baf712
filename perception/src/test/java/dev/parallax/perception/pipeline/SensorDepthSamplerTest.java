package dev.parallax.perception.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.Intrinsics;
import dev.parallax.kernels.Shape;
import dev.parallax.perception.frame.DepthMap;
import org.junit.jupiter.api.Test;

class SensorDepthSamplerTest {
  private static final Intrinsics CAMERA = new Intrinsics(10, 10, 3.5, 1.5);

  /** Depth of {@code u + 10 v + 1} metres, std unknown. */
  private static DepthMap ramp(int width, int height) {
    float[] depth = new float[width * height];
    float[] std = new float[width * height];
    for (int i = 0; i < depth.length; i++) {
      depth[i] = i % width + 10f * (i / width) + 1;
      std[i] = Float.NaN;
    }
    return new DepthMap(width, height, depth, std);
  }

  @Test
  void depthOfThePicturesSizeIsTakenPixelByPixelWithAStdOfTwoPerCent() {
    SensorDepthSampler sampler =
        new SensorDepthSampler(new DepthGrid(Shape.of(4, 8), CAMERA, 2), null);

    sampler.sample(ramp(8, 4));

    assertThat(sampler.depthM).containsExactly(1, 3, 5, 7, 21, 23, 25, 27);
    assertThat((double) sampler.stdM[4]).isCloseTo(0.42, within(1e-6));
  }

  @Test
  void depthOfHalfTheSizeIsTakenFromThePixelThatCoversThePoint() {
    SensorDepthSampler sampler =
        new SensorDepthSampler(new DepthGrid(Shape.of(4, 8), CAMERA, 1), null);

    sampler.sample(ramp(4, 2));

    // Picture pixels 0 and 1 lie in depth pixel 0, pixels 2 and 3 in depth pixel 1, and so on.
    assertThat(sampler.depthM).startsWith(1, 1, 2, 2, 3, 3, 4, 4, 1, 1, 2, 2, 3, 3, 4, 4, 11, 11);
  }

  @Test
  void whatTheSensorDidNotSeeIsUnknown() {
    SensorDepthSampler sampler =
        new SensorDepthSampler(new DepthGrid(Shape.of(1, 4), CAMERA, 1), null);

    sampler.sample(
        new DepthMap(
            4,
            1,
            new float[] {0, Float.NaN, Float.POSITIVE_INFINITY, 2},
            new float[] {1, 1, 1, 0.5f}));

    assertThat(sampler.depthM).containsExactly(Float.NaN, Float.NaN, Float.NaN, 2);
    assertThat(sampler.stdM[3]).isEqualTo(0.5f);
  }
}
