package dev.parallax.perception.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Intrinsics;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.TwoWalls;
import dev.parallax.perception.frame.Timestamp;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A camera that slides aside before two walls, where flow is known. */
class ReferenceFlowTest {
  private static final int W = TwoWalls.CAMERA.width();
  private static final int H = TwoWalls.CAMERA.height();

  private static final DepthGrid GRID =
      new DepthGrid(
          Shape.of(H, W),
          new Intrinsics(
              TwoWalls.CAMERA.fx(),
              TwoWalls.CAMERA.fy(),
              TwoWalls.CAMERA.cx(),
              TwoWalls.CAMERA.cy()),
          2);

  private final CpuKernels kernels = new CpuKernels(2);
  private final BufferScope scope = kernels.openScope();
  private final OpticalFlow opticalFlow = new OpticalFlow(kernels, GRID);

  @AfterEach
  void close() {
    scope.close();
    kernels.close();
  }

  private DeviceBuffer grey(double xM) {
    DeviceBuffer buffer = scope.u8(Shape.of(H, W));
    kernels.upload(TwoWalls.picture(xM).data(), buffer);
    return buffer;
  }

  private float[] read(DeviceBuffer buffer) {
    float[] values = new float[buffer.shape().elements()];
    kernels.download(buffer, values);
    return values;
  }

  /** Median error of a flow from the picture at {@code fromM} to the one at {@code toM}. */
  private double medianErrorPx(DeviceBuffer flow, double fromM, double toM) {
    float[] uv = read(flow);
    double[] errors = new double[W * H];
    int n = 0;
    for (int v = 5; v < H / 2 - 5; v++) {
      for (int u = 30; u < W / 2 - 30; u++) {
        double du = TwoWalls.CAMERA.fx() * (fromM - toM) / TwoWalls.depthM(2 * u, 2 * v, fromM);
        int i = 2 * (v * GRID.width() + u);
        errors[n++] = Math.hypot(2 * uv[i] - du, 2 * uv[i + 1]);
      }
    }
    Arrays.sort(errors, 0, n);
    return errors[n / 2];
  }

  @Test
  void flowGoesFromThisPictureToThePreviousAndBack() {
    OpticalFlow.Frame frame = opticalFlow.estimate(scope, grey(0.05), grey(0));

    assertThat(medianErrorPx(frame.backward(), 0.05, 0)).isLessThan(0.2);
    assertThat(medianErrorPx(frame.forward(), 0, 0.05)).isLessThan(0.2);
    float[] open = read(frame.inconsistency());
    Arrays.sort(open);
    assertThat(2 * open[open.length / 2]).isLessThan(0.3f);
  }

  @Test
  void flowToAKeyframeIsChainedAndThenMatched() {
    try (ReferenceFlow reference = new ReferenceFlow(kernels, GRID, grey(0), new Timestamp(7))) {
      for (int i = 1; i <= 8; i++) {
        reference.chain(opticalFlow.estimate(scope, grey(0.05 * i), grey(0.05 * (i - 1))));
      }
      assertThat(medianErrorPx(reference.flow(), 0.4, 0)).as("chained").isLessThan(1.5);

      reference.match(grey(0.4));

      assertThat(reference.stamp()).isEqualTo(new Timestamp(7));
      assertThat(medianErrorPx(reference.flow(), 0.4, 0)).as("matched").isLessThan(0.5);
      float[] open = read(reference.inconsistency());
      Arrays.sort(open);
      assertThat(2 * open[open.length / 2]).isLessThan(0.6f);
    }
  }

  @Test
  void theReferenceKeepsItsOwnCopyOfThePicture() {
    DeviceBuffer first = grey(0);
    try (ReferenceFlow reference = new ReferenceFlow(kernels, GRID, first, new Timestamp(7))) {
      kernels.upload(TwoWalls.flat(0).data(), first);
      reference.chain(opticalFlow.estimate(scope, grey(0.05), grey(0)));

      reference.match(grey(0.05));

      assertThat(medianErrorPx(reference.flow(), 0.05, 0)).isLessThan(0.2);
    }
  }
}
