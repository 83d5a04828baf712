package dev.parallax.perception.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Intrinsics;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.TwoWalls;
import dev.parallax.perception.flow.OpticalFlow;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A camera that slides aside before two walls, with its pose known. */
class DepthFilterTest {
  private static final PinholeCamera CAMERA = TwoWalls.CAMERA;
  private static final double STEP_M = 0.08;

  private final CpuKernels kernels = new CpuKernels(2);
  private final BufferScope scope = kernels.openScope();
  private final DepthGrid grid =
      new DepthGrid(
          Shape.of(CAMERA.height(), CAMERA.width()),
          new Intrinsics(CAMERA.fx(), CAMERA.fy(), CAMERA.cx(), CAMERA.cy()),
          2);
  private final DepthFilter filter = new DepthFilter(kernels, grid);

  @AfterEach
  void close() {
    filter.close();
    scope.close();
    kernels.close();
  }

  private DeviceBuffer grey(int index) {
    DeviceBuffer buffer = scope.u8(grid.picture());
    kernels.upload(TwoWalls.picture(index * STEP_M).data(), buffer);
    return buffer;
  }

  private void slide(int frames) {
    OpticalFlow flow = new OpticalFlow(kernels, grid);
    for (int i = 1; i <= frames; i++) {
      OpticalFlow.Frame frame = flow.estimate(scope, grey(i), grey(i - 1));
      Se3 T_cur_prev = Se3.ofTranslation(-STEP_M, 0, 0);
      filter.readNoise(grey(i));
      filter.carry(frame.forward(), T_cur_prev);
      filter.measure(frame.backward(), frame.inconsistency(), T_cur_prev.inverse());
    }
  }

  private float[] published(boolean std) {
    DeviceBuffer depth = scope.f32(grid.shape());
    DeviceBuffer stds = scope.f32(grid.shape());
    filter.publish(depth, stds);
    float[] values = new float[grid.shape().pixels()];
    kernels.download(std ? stds : depth, values);
    return values;
  }

  /** Relative errors of what is published, ascending. */
  private double[] errors(int frames) {
    float[] depth = published(false);
    double[] errors = new double[depth.length];
    int n = 0;
    for (int i = 0; i < depth.length; i++) {
      if (!Float.isNaN(depth[i])) {
        int u = 2 * (i % grid.width());
        int v = 2 * (i / grid.width());
        errors[n++] = Math.abs(depth[i] / TwoWalls.depthM(u, v, frames * STEP_M) - 1);
      }
    }
    errors = Arrays.copyOf(errors, n);
    Arrays.sort(errors);
    return errors;
  }

  @Test
  void nothingIsKnownBeforeTheFirstMeasurement() {
    assertThat(published(false)).containsOnly(Float.NaN);
    filter.download();
    assertThat(filter.at(100, 100, new double[2])).isFalse();
  }

  @Test
  void depthIsMetricAndSurerTheMoreFramesWereSeen() {
    slide(2);
    double earlyStd = medianRelativeStd();
    double earlyBelief = medianRelativeStd(filter.belief());
    filter.forget();
    slide(8);

    double[] late = errors(8);
    assertThat(late.length).as("density").isGreaterThan(grid.shape().pixels() / 2);
    assertThat(late[late.length / 2]).as("median relative error").isLessThan(0.04);
    assertThat(late[late.length / 2]).isLessThan(medianRelativeStd());
    assertThat(medianRelativeStd(filter.belief())).isLessThan(0.7 * earlyBelief);
    // What is published takes the surfaces nearby in, which no frame makes any smaller.
    assertThat(medianRelativeStd()).isLessThan(0.8 * earlyStd);
  }

  private double medianRelativeStd() {
    return medianRelativeStd(
        new DepthMap(grid.width(), grid.height(), published(false), published(true)));
  }

  private static double medianRelativeStd(DepthMap map) {
    float[] depth = map.depthM();
    float[] std = map.stdM();
    double[] relative = new double[depth.length];
    int n = 0;
    for (int i = 0; i < depth.length; i++) {
      if (!Float.isNaN(depth[i])) {
        relative[n++] = std[i] / depth[i];
      }
    }
    Arrays.sort(relative, 0, n);
    return relative[n / 2];
  }

  @Test
  void theBeliefCanBeAskedForAtAPicturePixel() {
    slide(8);
    filter.download();
    double[] out = new double[2];

    assertThat(filter.at(40, 40, out)).isTrue();
    assertThat(1 / out[0]).isCloseTo(4, within(0.4));
    assertThat(out[1]).isPositive();
    assertThat(filter.at(-3, 40, out)).isFalse();
    assertThat(filter.at(40, 240, out)).isFalse();
  }

  @Test
  void rescalingChangesTheUnitOfWhatIsPublished() {
    slide(3);
    float[] before = published(false);

    filter.rescale(2.5);

    float[] after = published(false);
    for (int i = 0; i < before.length; i += 97) {
      if (Float.isNaN(before[i])) {
        assertThat(after[i]).isNaN();
      } else {
        assertThat((double) after[i]).isCloseTo(2.5 * before[i], within(1e-4 * before[i]));
      }
    }
  }

  @Test
  void aForgottenSceneIsUnknown() {
    slide(3);

    filter.forget();

    assertThat(published(false)).containsOnly(Float.NaN);
  }
}
