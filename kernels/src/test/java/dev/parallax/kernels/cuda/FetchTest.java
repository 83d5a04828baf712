package dev.parallax.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cuda.ShimDriver.Count;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When the host waits for the GPU, and what it gets then; counted by the driver. */
class FetchTest {
  private static final Shape SIZE = Shape.of(45, 67);

  @RegisterExtension final ShimSession gpu = new ShimSession();

  private static float[] numbers(int n, float first) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = first + i;
    }
    return values;
  }

  @Test
  void severalFetchesCostOneWaitAndNoneCostsNone() {
    try (BufferScope scope = gpu.kernels().openScope()) {
      ParityInput in = new ParityInput(gpu.kernels(), scope, new Random(1));
      DeviceBuffer first = in.of(SIZE, numbers(SIZE.pixels(), 1));
      DeviceBuffer second = in.of(SIZE, numbers(SIZE.pixels(), 5));
      float[] a = new float[SIZE.pixels()];
      float[] b = new float[SIZE.pixels()];
      int waits = Count.WAITS.now();
      CudaTraffic before = gpu.kernels().traffic();

      gpu.kernels().fetch(first, a);
      gpu.kernels().fetch(second, b);
      assertThat(Count.WAITS.now()).isEqualTo(waits);
      gpu.kernels().finishFetches();
      gpu.kernels().finishFetches();

      assertThat(Count.WAITS.now()).isEqualTo(waits + 1);
      assertThat(gpu.kernels().traffic().since(before))
          .isEqualTo(new CudaTraffic(1, 0, 0, 0, 8L * SIZE.pixels()));
      assertThat(a).containsExactly(numbers(SIZE.pixels(), 1));
      assertThat(b).containsExactly(numbers(SIZE.pixels(), 5));
    }
  }

  @Test
  void whatIsFetchedIsWhatWasThereThoughTheBufferIsUsedAgain() {
    float[] fetched = new float[SIZE.pixels()];
    try (BufferScope scope = gpu.kernels().openScope()) {
      DeviceBuffer buffer = scope.f32(SIZE);
      gpu.kernels().upload(numbers(SIZE.pixels(), 7), buffer);
      gpu.kernels().fetch(buffer, fetched);
    }
    try (BufferScope scope = gpu.kernels().openScope()) {
      gpu.kernels().upload(numbers(SIZE.pixels(), 900), scope.f32(SIZE));
      gpu.kernels().finishFetches();
    }

    assertThat(fetched).containsExactly(numbers(SIZE.pixels(), 7));
  }

  @Test
  void workAskedForAfterAFetchIsNotWaitedFor() throws Exception {
    // Left are the upload with its event, and the copy.
    assertThat(lateWork("1")).startsWith("fetched 7.0 8.0, 3 of 7 to be done");
  }

  @Test
  void anUploadAheadNeedNotWaitForTheWorkBeforeIt() throws Exception {
    // What it would have to wait for, its copy and its event; and the same where its stream is
    // free.
    assertThat(lateWork("1")).endsWith(", 3 more by an upload ahead");
    assertThat(lateWork("alternate")).endsWith("3 of 7 to be done, 0 more by an upload ahead");
  }

  private static String lateWork(String late) throws Exception {
    try (ChildProcess child =
        new ChildProcess(
            LateWork.class, ShimDriver.build().getParent(), Map.of("PARALLAX_SHIM_LATE", late))) {
      return child.said();
    }
  }

  @Test
  void whatWentAheadIsTakenOnceAndCostsNeitherAWaitNorASecondUpload() {
    byte[] values = {1, 2, 3, 4, 5, 6};
    byte[] twin = values.clone();
    Shape shape = Shape.of(2, 3);
    try (BufferScope scope = gpu.kernels().openScope()) {
      DeviceBuffer first = scope.u8(shape);
      DeviceBuffer second = scope.u8(shape);
      CudaTraffic before = gpu.kernels().traffic();
      int uploads = Count.UPLOADS.now();
      int waits = Count.WAITS.now();

      gpu.kernels().uploadAhead(values);
      gpu.kernels().upload(values, first);
      assertThat(Count.UPLOADS.now()).isEqualTo(uploads + 1);
      gpu.kernels().upload(values, second); // no longer ahead
      gpu.kernels().uploadAhead(new byte[9]); // never comes
      gpu.kernels().upload(twin, second); // another array, though its values are the same

      assertThat(Count.UPLOADS.now()).isEqualTo(uploads + 4);
      assertThat(Count.WAITS.now()).isEqualTo(waits);
      assertThat(gpu.kernels().traffic().since(before)).isEqualTo(new CudaTraffic(0, 0, 0, 27, 0));
      byte[] read = new byte[6];
      gpu.kernels().download(first, read);
      assertThat(read).isEqualTo(values);
      gpu.kernels().download(second, read);
      assertThat(read).isEqualTo(values);
    }
  }

  @Test
  void motionIsJudgedWithoutAWaitACopyDownOrFreshMemory() {
    judge(); // takes its memory
    int waits = Count.WAITS.now();
    int downloads = Count.DOWNLOADS.now();
    int allocations = Count.ALLOCATIONS.now();
    CudaTraffic before = gpu.kernels().traffic();

    judge();

    // Those of the three answers that the case itself reads.
    assertThat(Count.DOWNLOADS.now() - downloads).isEqualTo(3);
    CudaTraffic asked = gpu.kernels().traffic().since(before);
    assertThat(asked.waits()).isEqualTo(3);
    // Its input is more than can be on its way up at once.
    assertThat(Count.WAITS.now() - waits).isEqualTo(3 + asked.uploadWaits());
    assertThat(Count.ALLOCATIONS.now()).isEqualTo(allocations);
  }

  private void judge() {
    try (BufferScope scope = gpu.kernels().openScope()) {
      MotionParity.poster(gpu.kernels(), scope, SIZE, 2, new Random(3));
    }
  }
}
