package dev.parallax.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels.Estimate;
import dev.parallax.kernels.DepthKernels.PublishRules;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Intrinsics;
import dev.parallax.kernels.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CpuDepthKernelsTest {
  private static final float NAN = Float.NaN;

  private final DepthFixture scene = new DepthFixture(64, 80, 2, 1);
  private final Shape four = Shape.of(1, 4);

  @AfterEach
  void close() {
    scene.close();
  }

  private static DepthGrid gridOf(Shape shape) {
    return new DepthGrid(shape, new Intrinsics(10, 10, 2, 0), 1);
  }

  private Estimate estimate(float[] rho, float[] variance) {
    return new Estimate(
        scene.buffer(four, rho), scene.buffer(four, variance), scene.filled(four, 0));
  }

  @Test
  void depthFromElsewhereFillsFusesAndReplaces() {
    Estimate estimate =
        estimate(new float[] {NAN, 0.5f, 2, 0.5f}, new float[] {NAN, 0.01f, 1e-4f, 0.01f});

    // Unknown; agrees (0.4 +- 0.1, equally sure); contradicts; no measurement.
    scene
        .kernels
        .depth()
        .fuseDepth(
            scene.buffer(four, 2, 2.5f, 4, NAN),
            scene.buffer(four, 0.2f, 0.625f, 0.1f, 0.1f),
            9,
            estimate);

    float[] rho = scene.read(estimate.inverseDepth());
    float[] variance = scene.read(estimate.variance());
    assertThat((double) rho[0]).isCloseTo(0.5, within(1e-6));
    assertThat((double) variance[0]).as("std of 1/d is std/d^2").isCloseTo(0.0025, within(1e-7));
    assertThat((double) rho[1]).isCloseTo(0.45, within(1e-6));
    assertThat((double) variance[1]).isCloseTo(0.005, within(1e-7));
    assertThat((double) rho[2]).isCloseTo(0.25, within(1e-6));
    assertThat(rho[3]).isEqualTo(0.5f);
    assertThat(variance[3]).isEqualTo(0.01f);
  }

  @Test
  void depthsThatAreNoDepthsAreNotFused() {
    Estimate estimate =
        estimate(new float[] {NAN, NAN, NAN, NAN}, new float[] {NAN, NAN, NAN, NAN});

    scene
        .kernels
        .depth()
        .fuseDepth(
            scene.buffer(four, 0, -1, Float.POSITIVE_INFINITY, 1),
            scene.buffer(four, 1, 1, 1, 0),
            9,
            estimate);

    assertThat(scene.read(estimate.inverseDepth())).containsOnly(NAN);
  }

  @Test
  void onlySureDepthIsPublishedWithItsStd() {
    // Relative std: 0.2, 0.4; then unknown and behind.
    Estimate estimate =
        estimate(new float[] {0.5f, 0.5f, NAN, -1}, new float[] {0.01f, 0.04f, 0.01f, 0.01f});
    DeviceBuffer depth = scene.scope.f32(four);
    DeviceBuffer std = scene.scope.f32(four);

    scene
        .kernels
        .depth()
        .publish(estimate, new PublishRules(0.3, 1, 0), scene.filled(four, 0), depth, std);

    assertThat(scene.read(depth)).containsExactly(2, NAN, NAN, NAN);
    assertThat((double) scene.read(std)[0]).as("0.2 of 2").isCloseTo(0.4, within(1e-6));
    assertThat(scene.read(std)[1]).isNaN();
  }

  @Test
  void whatLiesWithinReachOfAnotherSurfaceIsPublishedWithAShareOfTheStepBetweenThem() {
    int w = 20;
    Shape shape = Shape.of(15, w);
    float[] rho = new float[shape.pixels()];
    for (int i = 0; i < rho.length; i++) {
      rho[i] = i % w < 10 ? 0.5f : 1;
    }
    rho[7 * w + 3] = 5; // so unsure that it is no surface
    float[] variance = DepthFixture.constant(rho.length, 1e-4f);
    variance[7 * w + 3] = 40;
    Estimate estimate =
        new Estimate(
            scene.buffer(shape, rho), scene.buffer(shape, variance), scene.filled(shape, 0));
    DeviceBuffer depth = scene.scope.f32(shape);
    DeviceBuffer std = scene.scope.f32(shape);

    scene
        .kernels
        .depth()
        .publish(estimate, new PublishRules(0.9, 2, 3), scene.filled(shape, 0), depth, std);

    float[] stdM = scene.read(std);
    for (int row : new int[] {0, 7, 14}) {
      assertThat((double) stdM[row * w + 6]).as("twice 0.01").isCloseTo(0.02 * 4, within(1e-5));
      double near = Math.sqrt(0.02 * 0.02 + 0.175 * 0.175);
      assertThat((double) stdM[row * w + 7]).isCloseTo(near * 4, within(1e-5));
      assertThat((double) stdM[row * w + 12]).isCloseTo(near, within(1e-5));
      assertThat((double) stdM[row * w + 13]).isCloseTo(0.02, within(1e-5));
    }
    assertThat(stdM[7 * w + 3]).isNaN();
  }

  @Test
  void whatIsFartherThanTheGroundByTwoStdIsNeitherAtADepthNorStatic() {
    Estimate estimate =
        estimate(new float[] {0.2f, 0.2f, 0.4f, NAN}, new float[] {0.0001f, 0.01f, 0.0001f, 1});
    DeviceBuffer depth = scene.filled(four, 5);
    DeviceBuffer std = scene.filled(four, 0.1f);
    DeviceBuffer labels = scene.scope.u8(four);
    scene.kernels.upload(new byte[] {0, 0, 0, 0}, labels);

    scene
        .kernels
        .depth()
        .leaveOutBeneath(gridOf(four), new float[] {0, 0, 0.3f}, estimate, depth, std, labels);

    assertThat(scene.read(depth)).containsExactly(NAN, 5, 5, 5);
    assertThat(scene.read(std)[0]).isNaN();
    byte[] seen = new byte[4];
    scene.kernels.download(labels, seen);
    assertThat(seen).containsExactly(127, 0, 0, 0);
  }

  @Test
  void overTheHorizonNothingIsLeftOutAndWhatMovesGoesOnMoving() {
    Estimate estimate = estimate(new float[] {0.1f, 0.1f, 0.1f, 0.1f}, new float[] {0, 0, 0, 0});
    DeviceBuffer depth = scene.filled(four, 10);
    DeviceBuffer labels = scene.scope.u8(four);
    scene.kernels.upload(new byte[] {(byte) 255, 127, 0, 0}, labels);
    DepthGrid grid = gridOf(four);

    scene
        .kernels
        .depth()
        .leaveOutBeneath(
            grid, new float[] {0, 0, -0.3f}, estimate, depth, scene.filled(four, 1), labels);
    assertThat(scene.read(depth)).containsOnly(10);

    scene
        .kernels
        .depth()
        .leaveOutBeneath(
            grid, new float[] {0, 0, 0.3f}, estimate, depth, scene.filled(four, 1), labels);
    byte[] seen = new byte[4];
    scene.kernels.download(labels, seen);
    assertThat(seen).containsExactly(255, 127, 127, 127);
  }

  @Test
  void rescaleMultipliesPublishedDepthAndStd() {
    Estimate estimate =
        estimate(new float[] {0.5f, 1, NAN, 2}, new float[] {0.01f, 0.01f, 1, 0.01f});
    DeviceBuffer depth = scene.scope.f32(four);
    DeviceBuffer std = scene.scope.f32(four);

    scene.kernels.depth().rescale(estimate, 3);
    scene
        .kernels
        .depth()
        .publish(estimate, new PublishRules(0.3, 1, 0), scene.filled(four, 0), depth, std);

    float[] d = scene.read(depth);
    assertThat((double) d[0]).isCloseTo(6, within(1e-5));
    assertThat(d[2]).isNaN();
    assertThat((double) d[3]).isCloseTo(1.5, within(1e-5));
    assertThat((double) scene.read(std)[0]).isCloseTo(1.2, within(1e-5));
  }

  @Test
  void clearForgetsEverything() {
    Estimate estimate = scene.estimate(1, 1, 1);

    scene.kernels.depth().clear(estimate);

    assertThat(scene.read(estimate.inverseDepth())).containsOnly(NAN);
    assertThat(scene.read(estimate.motion())).containsOnly(0);
  }

  private float[] noiseOf(GreyAt picture) {
    byte[] grey = new byte[64 * 80];
    for (int v = 0; v < 64; v++) {
      for (int u = 0; u < 80; u++) {
        grey[v * 80 + u] = (byte) picture.at(u, v);
      }
    }
    DeviceBuffer buffer = scene.scope.u8(Shape.of(64, 80));
    scene.kernels.upload(grey, buffer);
    DeviceBuffer covariance = scene.scope.f32(scene.grid.shape().withChannels(3));
    scene.kernels.depth().flowNoise(scene.grid, buffer, 0.3, covariance);
    return scene.read(covariance);
  }

  @FunctionalInterface
  private interface GreyAt {
    int at(int u, int v);
  }

  private int middle() {
    return 3 * (scene.grid.height() / 2 * scene.grid.width() + scene.grid.width() / 2);
  }

  @Test
  void flowKnowsWhatCrossesAnEdgeAndNothingAlongIt() {
    float[] upright = noiseOf((u, v) -> u < 40 ? 30 : 220);
    float[] lying = noiseOf((u, v) -> v < 32 ? 30 : 220);
    int i = middle();

    assertThat(upright[i]).as("across").isLessThan(0.3f);
    assertThat(upright[i + 2]).as("along").isGreaterThan(30);
    assertThat(upright[i + 1]).as("correlation").isBetween(-1e-3f, 1e-3f);
    assertThat(lying[i + 2]).as("across").isLessThan(0.3f);
    assertThat(lying[i]).as("along").isGreaterThan(30);
  }

  @Test
  void aSlantingEdgeTiesTheErrorsTogetherAlongItself() {
    // The edge runs along u = v: errors along it go the same way in u and v.
    float[] slanting = noiseOf((u, v) -> u - 8 < v ? 30 : 220);
    int i = middle();
    double along = (slanting[i] + 2 * slanting[i + 1] + slanting[i + 2]) / 2;
    double across = (slanting[i] - 2 * slanting[i + 1] + slanting[i + 2]) / 2;

    assertThat(slanting[i + 1]).isPositive();
    assertThat(along).isGreaterThan(30 * across);
  }

  @Test
  void withoutTextureFlowIsAsUnsureAsSmoothnessAllows() {
    float[] flat = noiseOf((u, v) -> 128);

    for (int i = 0; i < flat.length; i += 3) {
      assertThat((double) flat[i]).isCloseTo(36.09, within(0.01));
      assertThat((double) flat[i + 1]).isCloseTo(0, within(1e-6));
      assertThat((double) flat[i + 2]).isCloseTo(36.09, within(0.01));
    }
  }

  @Test
  void onRichTextureTheGivenNoiseIsAllThatIsLeft() {
    float[] rich = noiseOf((u, v) -> (u / 8 + v / 8) % 2 == 0 ? 20 : 235);

    assertThat(rich[middle()]).isBetween(0.09f, 0.2f);
    assertThat(rich[middle() + 2]).isBetween(0.09f, 0.2f);
  }
}
