package dev.parallax.kernels.cpu;

import static dev.parallax.kernels.cpu.DepthFixture.translation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.kernels.DepthKernels.Estimate;
import dev.parallax.kernels.DepthKernels.MeasurementRules;
import dev.parallax.kernels.DeviceBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A wall facing a camera of 41x31 pixels, focal length 100 px. */
class TriangulationTest {
  private static final int W = 41;
  private static final int H = 31;
  private static final int CENTRE = 15 * W + 20;

  /** Flow noise of half a pixel in u and v. */
  private static final float NOISE_PX2 = 0.25f;

  private static final MeasurementRules RULES = new MeasurementRules(0.5, 1.5, 9);

  private final DepthFixture scene = new DepthFixture(H, W, 1, 2);

  @AfterEach
  void close() {
    scene.close();
  }

  private void fuse(DepthFixture in, Estimate estimate, DeviceBuffer flow, double[] T_ref_cur) {
    DeviceBuffer unused = fuse(in, estimate, flow, T_ref_cur, 0);
  }

  private DeviceBuffer fuse(
      DepthFixture in, Estimate estimate, DeviceBuffer flow, double[] T_ref_cur, float open) {
    DeviceBuffer across = in.scope.f32(in.grid.shape());
    in.kernels
        .depth()
        .fuseTriangulated(
            in.grid,
            flow,
            in.filled(in.grid.shape(), open / in.grid.stride()),
            in.filled(in.grid.shape(), NOISE_PX2, 0, NOISE_PX2),
            T_ref_cur,
            RULES,
            estimate,
            across);
    return across;
  }

  /** The variance a measurement adds up to: flow noise, counted fourfold, and 2 % of the depth. */
  private static double expectedVariance(double rho, double baselineM) {
    double perPixel = 1 / (DepthFixture.FOCAL_PX * baselineM);
    return 4 * NOISE_PX2 * perPixel * perPixel + Math.pow(0.02 * rho, 2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.1, 0.2, 0.4})
  void sidewaysMotionGivesDepthWithAVarianceThatFallsWithTheBaselineSquared(double baselineM) {
    Estimate estimate = scene.unknown();

    fuse(scene, estimate, scene.wallFlow(0.5, baselineM, 0, 0), translation(baselineM, 0, 0));

    for (float rho : scene.read(estimate.inverseDepth())) {
      assertThat((double) rho).isCloseTo(0.5, within(1e-4));
    }
    assertThat((double) scene.read(estimate.variance())[CENTRE])
        .isCloseTo(expectedVariance(0.5, baselineM), within(0.01 * expectedVariance(0.5, 0.4)));
  }

  @Test
  void anyMotionAndAnyStrideGiveTheWallsDepth() {
    for (int stride : new int[] {1, 2, 4}) {
      try (DepthFixture any = new DepthFixture(60, 80, stride, 2)) {
        Estimate estimate = any.unknown();

        fuse(any, estimate, any.wallFlow(0.4, 0.3, -0.2, 0.15), translation(0.3, -0.2, 0.15));

        for (float rho : any.read(estimate.inverseDepth())) {
          assertThat((double) rho).as("stride %d", stride).isCloseTo(0.4, within(2e-4));
        }
      }
    }
  }

  @Test
  void rotationIsTakenOutOfTheFlow() {
    // The reference camera is turned by 2 degrees about y and 0.2 m aside.
    double angle = Math.toRadians(2);
    double c = Math.cos(angle);
    double s = Math.sin(angle);
    double[] T_ref_cur = {c, 0, s, 0.2, 0, 1, 0, 0, -s, 0, c, 0};
    float[] uv = new float[2 * W * H];
    for (int v = 0; v < H; v++) {
      for (int u = 0; u < W; u++) {
        double x = scene.slope(u);
        double y = scene.slopeV(v);
        double z = -s * x + c;
        uv[2 * (v * W + u)] = (float) (100 * ((c * x + s + 0.5 * 0.2) / z - x));
        uv[2 * (v * W + u) + 1] = (float) (100 * (y / z - y));
      }
    }
    Estimate estimate = scene.unknown();

    fuse(scene, estimate, scene.buffer(scene.grid.shape().withChannels(2), uv), T_ref_cur);

    for (float rho : scene.read(estimate.inverseDepth())) {
      assertThat((double) rho).isCloseTo(0.5, within(1e-4));
    }
  }

  @Test
  void drivingForwardMeasuresNothingAtTheEpipoleAndMoreTheFartherFromIt() {
    Estimate estimate = scene.unknown();

    fuse(scene, estimate, scene.wallFlow(0.5, 0, 0, 0.2), translation(0, 0, 0.2));

    float[] rho = scene.read(estimate.inverseDepth());
    float[] variance = scene.read(estimate.variance());
    assertThat(rho[CENTRE]).isNaN();
    assertThat((double) rho[CENTRE + 20]).isCloseTo(0.5, within(1e-3));
    assertThat(variance[CENTRE + 5]).isGreaterThan(3 * variance[CENTRE + 20]);
  }

  @Test
  void noMotionMeasuresNothing() {
    Estimate estimate = scene.unknown();

    fuse(scene, estimate, scene.filled(scene.grid.shape(), 0, 0), translation(0, 0, 0));

    assertThat(scene.read(estimate.inverseDepth())).containsOnly(Float.NaN);
  }

  @Test
  void flowThatDoesNotCloseIsNotUsed() {
    Estimate estimate = scene.unknown();

    DeviceBuffer flow = scene.wallFlow(0.5, 0.2, 0, 0);
    DeviceBuffer wide = fuse(scene, estimate, flow, translation(0.2, 0, 0), 1.6f);
    DeviceBuffer out = fuse(scene, estimate, flow, translation(0.2, 0, 0), Float.POSITIVE_INFINITY);
    DeviceBuffer unknown = fuse(scene, estimate, flow, translation(0.2, 0, 0), Float.NaN);

    assertThat(scene.read(estimate.inverseDepth())).containsOnly(Float.NaN);
    for (DeviceBuffer across : new DeviceBuffer[] {wide, out, unknown}) {
      assertThat(scene.read(across)).containsOnly(Float.NaN);
    }
  }

  @Test
  void agreeingMeasurementsAreAveragedByTheirVarianceButNeverBelieveTooMuch() {
    double v = expectedVariance(0.5, 0.2);
    Estimate estimate = scene.estimate(0.52f, (float) v, 0);
    DeviceBuffer flow = scene.wallFlow(0.5, 0.2, 0, 0);

    fuse(scene, estimate, flow, translation(0.2, 0, 0));

    assertThat((double) scene.read(estimate.inverseDepth())[CENTRE])
        .as("half way, both equally sure")
        .isCloseTo(0.51, within(2e-4));
    assertThat((double) scene.read(estimate.variance())[CENTRE]).isCloseTo(v / 2, within(0.02 * v));
    for (int i = 0; i < 200; i++) {
      fuse(scene, estimate, flow, translation(0.2, 0, 0));
    }
    assertThat((double) scene.read(estimate.inverseDepth())[CENTRE]).isCloseTo(0.5, within(1e-3));
    assertThat(Math.sqrt(scene.read(estimate.variance())[CENTRE]))
        .as("one per cent of the depth stays in doubt")
        .isGreaterThanOrEqualTo(0.00499);
  }

  @Test
  void aContradictionFirstRaisesDoubtAndThenWins() {
    Estimate estimate = scene.estimate(1, 1e-4f, 0);
    DeviceBuffer flow = scene.wallFlow(0.5, 0.1, 0, 0);

    fuse(scene, estimate, flow, translation(0.1, 0, 0));

    assertThat(scene.read(estimate.inverseDepth())[CENTRE]).isEqualTo(1);
    float doubt = scene.read(estimate.variance())[CENTRE];
    assertThat(doubt).isGreaterThan(1e-4f);
    int frames = 1;
    while (scene.read(estimate.inverseDepth())[CENTRE] > 0.6 && frames < 50) {
      fuse(scene, estimate, flow, translation(0.1, 0, 0));
      frames++;
    }
    assertThat(frames).as("frames until the new depth is believed").isBetween(3, 20);
    assertThat((double) scene.read(estimate.inverseDepth())[CENTRE]).isCloseTo(0.5, within(0.05));
  }

  @Test
  void whatFlowHasAcrossTheEpipolarLineIsToldInStds() {
    float[] flow = scene.read(scene.wallFlow(0.5, 0.2, 0, 0));
    for (int i = 1; i < flow.length; i += 2) {
      flow[i] += 0.6f;
    }
    DeviceBuffer off = scene.buffer(scene.grid.shape().withChannels(2), flow);
    DeviceBuffer across = fuse(scene, scene.unknown(), off, translation(0.2, 0, 0), 0);

    for (float stds : scene.read(across)) {
      assertThat((double) stds).isCloseTo(0.6 / Math.sqrt(NOISE_PX2), within(0.02));
    }
    float[] little = scene.read(scene.wallFlow(0.5, 0.03, 0, 0));
    DeviceBuffer tooLittle =
        fuse(
            scene,
            scene.unknown(),
            scene.buffer(scene.grid.shape().withChannels(2), little),
            translation(0.03, 0, 0),
            0);
    assertThat(scene.read(tooLittle)).as("1.5 pixels of parallax").containsOnly(Float.NaN);
  }

  @Test
  void aPointThatMovesTeachesNothingAboutDepth() {
    Estimate moving = scene.estimate(1, 1e-3f, 0.9f);
    // Flow across the epipolar line: no resting point does that.
    Estimate across = scene.estimate(1, 1e-3f, 0);

    fuse(scene, moving, scene.wallFlow(0.5, 0.2, 0, 0), translation(0.2, 0, 0));
    fuse(scene, across, scene.filled(scene.grid.shape(), 10, 8), translation(0.2, 0, 0));

    for (Estimate estimate : new Estimate[] {moving, across}) {
      assertThat(scene.read(estimate.inverseDepth())).containsOnly(1);
      assertThat(scene.read(estimate.variance())[CENTRE]).isGreaterThan(1e-3f);
    }
  }

  @Test
  void aPointThatMovedForAMinuteIsMeasuredAgainOnceItRests() {
    Estimate estimate = scene.estimate(1, 1e-3f, 0.9f);
    DeviceBuffer flow = scene.wallFlow(0.5, 0.2, 0, 0);
    for (int i = 0; i < 1200; i++) {
      fuse(scene, estimate, flow, translation(0.2, 0, 0));
    }
    scene.kernels.upload(DepthFixture.constant(W * H, 0), estimate.motion());

    for (int i = 0; i < 20; i++) {
      fuse(scene, estimate, flow, translation(0.2, 0, 0));
    }

    assertThat((double) scene.read(estimate.inverseDepth())[CENTRE]).isCloseTo(0.5, within(0.05));
  }

  @Test
  void theAnswerDoesNotDependOnTheNumberOfThreads() {
    float[][] answers = new float[3][];
    for (int threads = 1; threads <= 3; threads++) {
      try (DepthFixture any = new DepthFixture(31, 41, 1, threads)) {
        Estimate estimate = any.unknown();
        fuse(any, estimate, any.wallFlow(0.4, 0.3, -0.2, 0.15), translation(0.3, -0.2, 0.15));
        answers[threads - 1] = any.read(estimate.variance());
      }
    }
    assertThat(Arrays.equals(answers[0], answers[1])).isTrue();
    assertThat(Arrays.equals(answers[0], answers[2])).isTrue();
  }
}
