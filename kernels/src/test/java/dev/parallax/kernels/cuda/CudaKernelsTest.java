package dev.parallax.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Features;
import dev.parallax.kernels.Intrinsics;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cpu.CpuKernels;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What holds for all the kernels of a session: ownership, threads, misuse. */
class CudaKernelsTest {
  private static final Shape SIZE = Shape.of(33, 50);

  @RegisterExtension final ShimSession gpu = new ShimSession();

  @Test
  void aSessionMayGoOnInAnotherThread() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      for (ParityCase test : ParityCases.all()) {
        Map<String, float[]> there = other.submit(() -> test.run(gpu.kernels(), SIZE, 3)).get();
        Map<String, float[]> here = test.run(gpu.kernels(), SIZE, 3);
        here.forEach((output, values) -> assertThat(there.get(output)).containsExactly(values));
      }
    } finally {
      other.shutdownNow();
    }
  }

  @Test
  void twoSessionsShareAGpuWithoutSeeingEachOther() {
    try (CudaKernels second = new CudaKernels(gpu.device(), () -> new CpuKernels(1));
        BufferScope ours = gpu.kernels().openScope();
        BufferScope theirs = second.openScope()) {
      ParityInput a = new ParityInput(gpu.kernels(), ours, new Random(1));
      ParityInput b = new ParityInput(second, theirs, new Random(2));
      DeviceBuffer first = a.noise(SIZE);
      float[] before = a.bytes(first);
      b.noise(SIZE);
      assertThat(a.bytes(first)).containsExactly(before);
    }
  }

  @Test
  void memoryOfAClosedScopeIsTakenAgainAndItsBuffersAreRefused() {
    BufferScope scope = gpu.kernels().openScope();
    DeviceBuffer buffer = scope.f32(SIZE);
    long address = CudaBuffer.live(buffer).at().value();
    scope.close();

    assertThatThrownBy(() -> gpu.kernels().download(buffer, new float[SIZE.pixels()]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("used after its scope closed");
    try (BufferScope next = gpu.kernels().openScope()) {
      assertThat(CudaBuffer.live(next.f32(SIZE)).at().value()).isEqualTo(address);
    }
  }

  @Test
  void hostArraysOfAnotherLengthAreRefused() {
    try (BufferScope scope = gpu.kernels().openScope()) {
      DeviceBuffer buffer = scope.u8(SIZE);
      assertThatThrownBy(() -> gpu.kernels().upload(new byte[7], buffer))
          .hasMessage("Host array of 7 values for a buffer of [33 50 1]");
      assertThatThrownBy(() -> gpu.kernels().download(buffer, new float[SIZE.pixels()]))
          .hasMessage("Expected a F32 buffer, got U8 [33 50 1]");
    }
  }

  @Test
  void buffersOfAnotherSizeNeverReachAKernel() {
    try (BufferScope scope = gpu.kernels().openScope()) {
      DepthGrid grid = new DepthGrid(SIZE, new Intrinsics(40, 40, 25, 16), 2);
      DeviceBuffer covariance = scope.f32(Shape.of(2, 2));
      assertThatThrownBy(
              () -> gpu.kernels().depth().flowNoise(grid, scope.u8(SIZE), 0.3, covariance))
          .hasMessage("Expected a F32 buffer [16 25 3], got F32 [2 2 1]");
    }
  }

  @Test
  void aLaunchWithOtherArgumentsThanTheKernelTakesIsRefused() {
    CudaFunction kernel = gpu.device().function("grey_of_bgr");
    assertThatThrownBy(() -> gpu.kernels().stream().launch(kernel).with(3))
        .hasMessageStartingWith("Argument 0 of grey_of_bgr: got Parameter[type=u32");
    assertThatThrownBy(() -> gpu.kernels().stream().launch(kernel).over(5))
        .hasMessage("grey_of_bgr takes 3 arguments, got 0");
  }

  @Test
  void memoryInUseGrowsWithWhatIsTaken() {
    CudaDevice.Memory before = gpu.device().memory();
    try (BufferScope scope = gpu.kernels().openScope()) {
      scope.f32(Shape.of(1024, 1024));

      assertThat(gpu.device().memory().totalBytes()).isEqualTo(before.totalBytes());
      assertThat(gpu.device().memory().freeBytes())
          .isLessThanOrEqualTo(before.freeBytes() - (4 << 20));
    }
  }

  @Test
  void featuresAreThoseOfTheHost() {
    try (CpuKernels host = new CpuKernels(1);
        BufferScope hostScope = host.openScope();
        BufferScope scope = gpu.kernels().openScope()) {
      Shape size = Shape.of(240, 320);
      DeviceBuffer there = new ParityInput(host, hostScope, new Random(5)).picture(size);
      DeviceBuffer here = new ParityInput(gpu.kernels(), scope, new Random(5)).picture(size);
      Features expected = host.features().detect(there, 200);

      assertThat(expected.count()).isPositive();
      assertThat(gpu.kernels().features().detect(here, 200)).isEqualTo(expected);
    }
  }
}
