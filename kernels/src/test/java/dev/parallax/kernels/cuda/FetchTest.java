package dev.parallax.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.kernels.cuda.ShimDriver.Count;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the host waits for the GPU, and what it gets then; counted by the driver. */
class FetchTest {
  private static final Shape SIZE = Shape.of(45, 67);

  private CudaDevice device;
  private CudaKernels kernels;

  @BeforeEach
  void start() throws Exception {
    ShimDriver.load();
    device = CudaDevice.open(0);
    kernels = new CudaKernels(device, () -> new CpuKernels(1));
  }

  @AfterEach
  void stop() {
    if (device != null) {
      kernels.close();
      device.close();
    }
  }

  private static float[] numbers(int n, float first) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = first + i;
    }
    return values;
  }

  @Test
  void severalFetchesCostOneWaitAndNoneCostsNone() {
    try (BufferScope scope = kernels.openScope()) {
      ParityInput in = new ParityInput(kernels, scope, new Random(1));
      DeviceBuffer first = in.of(SIZE, numbers(SIZE.pixels(), 1));
      DeviceBuffer second = in.of(SIZE, numbers(SIZE.pixels(), 5));
      float[] a = new float[SIZE.pixels()];
      float[] b = new float[SIZE.pixels()];
      int waits = Count.WAITS.now();
      CudaTraffic before = kernels.traffic();

      kernels.fetch(first, a);
      kernels.fetch(second, b);
      assertThat(Count.WAITS.now()).isEqualTo(waits);
      kernels.finishFetches();
      kernels.finishFetches();

      assertThat(Count.WAITS.now()).isEqualTo(waits + 1);
      assertThat(kernels.traffic().since(before))
          .isEqualTo(new CudaTraffic(1, 0, 0, 8L * SIZE.pixels()));
      assertThat(a).containsExactly(numbers(SIZE.pixels(), 1));
      assertThat(b).containsExactly(numbers(SIZE.pixels(), 5));
    }
  }

  @Test
  void whatIsFetchedIsWhatWasThereThoughTheBufferIsUsedAgain() {
    float[] fetched = new float[SIZE.pixels()];
    try (BufferScope scope = kernels.openScope()) {
      DeviceBuffer buffer = scope.f32(SIZE);
      kernels.upload(numbers(SIZE.pixels(), 7), buffer);
      kernels.fetch(buffer, fetched);
    }
    try (BufferScope scope = kernels.openScope()) {
      kernels.upload(numbers(SIZE.pixels(), 900), scope.f32(SIZE));
      kernels.finishFetches();
    }

    assertThat(fetched).containsExactly(numbers(SIZE.pixels(), 7));
  }

  @Test
  void motionIsJudgedWithoutAWaitACopyDownOrFreshMemory() {
    judge(); // takes its memory
    int waits = Count.WAITS.now();
    int downloads = Count.DOWNLOADS.now();
    int allocations = Count.ALLOCATIONS.now();
    CudaTraffic before = kernels.traffic();

    judge();

    // Those of the three answers that the case itself reads.
    assertThat(Count.DOWNLOADS.now() - downloads).isEqualTo(3);
    assertThat(Count.WAITS.now() - waits).isEqualTo(3);
    assertThat(kernels.traffic().since(before).waits()).isEqualTo(3);
    assertThat(Count.ALLOCATIONS.now()).isEqualTo(allocations);
  }

  private void judge() {
    try (BufferScope scope = kernels.openScope()) {
      MotionParity.poster(kernels, scope, SIZE, 2, new Random(3));
    }
  }
}
