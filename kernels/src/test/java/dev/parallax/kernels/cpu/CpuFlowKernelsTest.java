package dev.parallax.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FlowKernels.Request;
import dev.parallax.kernels.FlowKernels.Start;
import dev.parallax.kernels.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CpuFlowKernelsTest {
  private static final Shape SHAPE = Shape.of(240, 320);

  private final CpuKernels kernels = new CpuKernels(2);
  private final BufferScope scope = kernels.openScope();
  private final SmoothTexture texture = new SmoothTexture(7);

  @AfterEach
  void close() {
    scope.close();
    kernels.close();
  }

  private DeviceBuffer shifted(double du, double dv) {
    return texture.shifted(kernels, scope, SHAPE, du, dv);
  }

  private DeviceBuffer uniform(Shape shape, float du, float dv) {
    float[] uv = new float[shape.pixels() * 2];
    for (int i = 0; i < uv.length; i += 2) {
      uv[i] = du;
      uv[i + 1] = dv;
    }
    return flow(shape, uv);
  }

  private DeviceBuffer flow(Shape shape, float... uv) {
    DeviceBuffer buffer = scope.f32(shape.withChannels(2));
    kernels.upload(uv, buffer);
    return buffer;
  }

  private float[] read(DeviceBuffer buffer) {
    float[] values = new float[buffer.shape().elements()];
    kernels.download(buffer, values);
    return values;
  }

  /** Mean end-point error against a translation, pixels whose match left the picture apart. */
  private double meanError(DeviceBuffer flow, double du, double dv) {
    float[] uv = read(flow);
    double sum = 0;
    int n = 0;
    for (int v = 0; v < SHAPE.height(); v++) {
      for (int u = 0; u < SHAPE.width(); u++) {
        boolean visible =
            u + du >= 0 && v + dv >= 0 && u + du < SHAPE.width() && v + dv < SHAPE.height();
        if (visible) {
          int i = 2 * (v * SHAPE.width() + u);
          sum += Math.hypot(uv[i] - du, uv[i + 1] - dv);
          n++;
        }
      }
    }
    return sum / n;
  }

  @Test
  void denseFlowFindsATranslationToAThirdOfAPixel() {
    for (double[] d : new double[][] {{0, 0}, {0.5, -0.25}, {3.3, 1.8}, {-9.5, 6.25}}) {
      DeviceBuffer flow = scope.f32(SHAPE.withChannels(2));

      kernels
          .flow()
          .dense(List.of(new Request(shifted(0, 0), shifted(d[0], d[1]), flow, Start.NOTHING)));

      assertThat(meanError(flow, d[0], d[1])).as("shift %s", Arrays.toString(d)).isLessThan(0.3);
    }
  }

  @Test
  void theAnswerDependsNeitherOnEarlierCallsNorOnTheNumberOfThreads() {
    float[] expected = twoFlows(kernels);
    kernels
        .flow()
        .dense(
            List.of(
                new Request(
                    shifted(0, 0),
                    shifted(20, 3),
                    scope.f32(SHAPE.withChannels(2)),
                    Start.NOTHING)));

    // Compared in Java: an assertion on each of 300,000 values takes seconds.
    assertThat(Arrays.equals(twoFlows(kernels), expected)).as("after another call").isTrue();
    for (int threads : new int[] {1, 3}) {
      try (CpuKernels other = new CpuKernels(threads)) {
        assertThat(Arrays.equals(twoFlows(other), expected)).as("%d threads", threads).isTrue();
      }
    }
  }

  private float[] twoFlows(CpuKernels on) {
    DeviceBuffer a = uniform(SHAPE, 99, 99);
    DeviceBuffer b = uniform(SHAPE, -99, 99);
    on.flow()
        .dense(
            List.of(
                new Request(shifted(0, 0), shifted(5, 2), a, Start.NOTHING),
                new Request(shifted(5, 2), shifted(0, 0), b, Start.NOTHING)));
    float[] both = Arrays.copyOf(read(a), 2 * SHAPE.pixels() * 2);
    System.arraycopy(read(b), 0, both, SHAPE.pixels() * 2, SHAPE.pixels() * 2);
    return both;
  }

  @Test
  void aGuessHelpsWhereTheMotionIsLarge() {
    DeviceBuffer cold = uniform(SHAPE, 0, 0);
    DeviceBuffer warm = uniform(SHAPE, 58, 41);
    DeviceBuffer from = shifted(0, 0);
    DeviceBuffer to = shifted(60, 40);

    kernels.flow().dense(List.of(new Request(from, to, cold, Start.NOTHING)));
    kernels.flow().dense(List.of(new Request(from, to, warm, Start.FAR)));

    assertThat(meanError(warm, 60, 40)).isLessThan(0.3);
    assertThat(meanError(warm, 60, 40)).isLessThan(0.5 * meanError(cold, 60, 40));
  }

  @Test
  void noRequestsAreNoWork() {
    kernels.flow().dense(List.of());
  }

  @Test
  void trackFollowsPointsToATenthOfAPixelAndSaysWhichItLost() {
    float[] from = {40, 50, 160, 120, 250, 200, 100, 180};
    float[] to = {42, 49, 163, 121, 252, 199, -500, -500};
    float[] error = new float[4];

    kernels.flow().track(shifted(0, 0), shifted(2.37, -0.81), 4, from, to, error);

    for (int i = 0; i < 3; i++) {
      assertThat((double) to[2 * i]).isCloseTo(from[2 * i] + 2.37, within(0.1));
      assertThat((double) to[2 * i + 1]).isCloseTo(from[2 * i + 1] - 0.81, within(0.1));
      assertThat(error[i]).isBetween(0f, 3f);
    }
    assertThat(error[3]).isNaN();
  }

  @Test
  void trackFindsNothingOnAFlatPictureAndTouchesOnlyTheFirstPoints() {
    DeviceBuffer flat = scope.u8(SHAPE);
    byte[] grey = new byte[SHAPE.pixels()];
    Arrays.fill(grey, (byte) 90);
    kernels.upload(grey, flat);
    float[] to = {40, 50, 7, 8};
    float[] error = {0, 5};

    kernels.flow().track(flat, flat, 1, new float[] {40, 50, 60, 70}, to, error);

    assertThat(error[0]).isNaN();
    assertThat(error[1]).isEqualTo(5);
    assertThat(to[2]).isEqualTo(7);
    kernels.flow().track(flat, flat, 0, new float[0], new float[0], new float[0]);
  }

  @Test
  void composeAddsTheSecondWhereTheFirstLeads() {
    Shape row = Shape.of(2, 4);
    // The first moves one and a half pixels right; the second is 0, 10, 20, 30 along u.
    DeviceBuffer first = uniform(row, 1.5f, 0);
    DeviceBuffer second = flow(row, 0, 0, 10, 1, 20, 2, 30, 3, 0, 0, 10, 1, 20, 2, 30, 3);
    DeviceBuffer out = scope.f32(row.withChannels(2));

    kernels.flow().compose(first, second, out);

    float[] uv = read(out);
    assertThat((double) uv[0]).isCloseTo(1.5 + 15, within(1e-4));
    assertThat((double) uv[1]).isCloseTo(1.5, within(1e-4));
    assertThat((double) uv[2]).isCloseTo(1.5 + 25, within(1e-4));
    assertThat((double) uv[6]).as("past the edge: the edge's value").isCloseTo(31.5, within(0.02));
  }

  @Test
  void inconsistencyIsHowFarThereAndBackMissesTheStart() {
    Shape shape = Shape.of(4, 5);
    DeviceBuffer backward = uniform(shape, 2, 1);
    DeviceBuffer forward = uniform(shape, -5, -5);
    DeviceBuffer out = scope.f32(shape);

    kernels.flow().inconsistency(backward, forward, out);

    float[] px = read(out);
    assertThat((double) px[0]).as("(2 - 5, 1 - 5)").isCloseTo(5, within(1e-5));
    assertThat(px[4]).as("leaves the picture").isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(px[15]).as("leaves the picture below").isEqualTo(Float.POSITIVE_INFINITY);
  }

  @Test
  void pointsAreLedByBilinearSamplesClampedToThePicture() {
    DeviceBuffer flow = flow(Shape.of(2, 2), 0, 0, 4, 10, 8, 20, 12, 30);
    DeviceBuffer grey = scope.u8(Shape.of(4, 4));
    float[] before = {1.5f, 1.5f, 1, 0.5f, 18.5f, -13.5f};
    float[] led = new float[6];

    kernels.flow().follow(grey, grey, flow, 3, before, before, led, new float[6], new float[3]);

    // A pixel of the flow is two of the picture: (0.5, 0.5), (0.25, 0) and (9, -7) there.
    assertThat(led[0]).isEqualTo(1.5f + 2 * 6);
    assertThat(led[1]).isEqualTo(1.5f + 2 * 15);
    assertThat(led[2]).isEqualTo(1 + 2 * 1);
    assertThat((double) led[4]).isCloseTo(18.5 + 2 * 4, within(0.02));
    assertThat((double) led[5]).isCloseTo(-13.5 + 2 * 10, within(0.04));
  }

  @Test
  void pointsAreFollowedFromWhereFlowLeadsThem() {
    DeviceBuffer from = shifted(0, 0);
    DeviceBuffer to = shifted(12.37, -6.81);
    DeviceBuffer flow = uniform(Shape.of(SHAPE.height() / 2, SHAPE.width() / 2), 6, -3);
    float[] before = {40, 50, 160, 120, 250, 200};
    float[] led = new float[6];
    float[] found = new float[6];
    float[] error = new float[3];

    kernels.flow().follow(from, to, flow, 3, before, before, led, found, error);

    for (int i = 0; i < 3; i++) {
      assertThat(led[2 * i]).isEqualTo(before[2 * i] + 12);
      assertThat((double) found[2 * i]).isCloseTo(before[2 * i] + 12.37, within(0.1));
      assertThat((double) found[2 * i + 1]).isCloseTo(before[2 * i + 1] - 6.81, within(0.1));
      assertThat(error[i]).isBetween(0f, 3f);
    }
  }

  @Test
  void invertWritesEachVectorNegatedWhereItPointsAndFillsGapsFromTheLeft() {
    DeviceBuffer flow = flow(Shape.of(1, 4), 1, 0, 1, 0, 9, 9, 0, 0);
    DeviceBuffer inverse = scope.f32(new Shape(1, 4, 2));

    kernels.flow().invert(flow, inverse);

    // Pixels 0 and 1 point to 1 and 2, pixel 2 out of the picture, pixel 3 to itself.
    assertThat(read(inverse)).containsExactly(-1, -0f, -1, -0f, -1, -0f, -0f, -0f);
  }

  @Test
  void invertFillsTheStartOfARowFromAbove() {
    DeviceBuffer flow = flow(Shape.of(2, 2), 0, 0, 0, 0, 50, 0, 0, 0);
    DeviceBuffer inverse = scope.f32(new Shape(2, 2, 2));
    kernels.upload(new float[] {7, 7, 7, 7, 7, 7, 7, 7}, inverse);

    kernels.flow().invert(flow, inverse);

    assertThat(read(inverse)).doesNotContain(7f).doesNotContain(Float.NaN);
  }

  @Test
  void copyCopies() {
    DeviceBuffer target = scope.f32(new Shape(1, 2, 2));

    kernels.flow().copy(flow(Shape.of(1, 2), 1, 2, 3, 4), target);

    assertThat(read(target)).containsExactly(1, 2, 3, 4);
  }
}
