package dev.parallax.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FlowKernels.Request;
import dev.parallax.kernels.FlowKernels.Start;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.kernels.cuda.ShimDriver.Count;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Dense flow goes to the GPU as one graph from the third time on, and answers the same. */
class FlowGraphTest {
  private static final Shape SIZE = Shape.of(45, 67);

  @RegisterExtension final ShimSession gpu = new ShimSession();

  /** Flow both ways of a frame's pictures, in a scope of its own as a frame has. */
  private float[] frame(CudaKernels kernels, Shape size, int seed) {
    try (BufferScope scope = kernels.openScope()) {
      ParityInput in = new ParityInput(kernels, scope, new Random(seed));
      DeviceBuffer[] pair = in.shiftedPair(size, 1.5, -0.8);
      DeviceBuffer there = in.poisonedF32(size.withChannels(2));
      DeviceBuffer back = in.poisonedF32(size.withChannels(2));
      kernels
          .flow()
          .dense(
              List.of(
                  new Request(pair[0], pair[1], there, Start.NOTHING),
                  new Request(pair[1], pair[0], back, Start.NOTHING)));
      float[] both = new float[2 * there.shape().elements()];
      System.arraycopy(in.floats(there), 0, both, 0, both.length / 2);
      System.arraycopy(in.floats(back), 0, both, both.length / 2, both.length / 2);
      return both;
    }
  }

  /** By kernels that have never seen another frame. */
  private float[] afresh(Shape size, int seed) {
    try (CudaKernels fresh = new CudaKernels(gpu.device(), () -> new CpuKernels(1))) {
      return frame(fresh, size, seed);
    }
  }

  @Test
  void theThirdFrameIsOneLaunchOfAGraphAndEveryFrameAnswersAsAFreshSession() {
    assertThat(frame(gpu.kernels(), SIZE, 1)).containsExactly(afresh(SIZE, 1));
    assertThat(frame(gpu.kernels(), SIZE, 2)).containsExactly(afresh(SIZE, 2));
    float[] expected = afresh(SIZE, 3);
    int launches = Count.LAUNCHES.now();
    int graphs = Count.GRAPHS.now();
    CudaTraffic before = gpu.kernels().traffic();

    float[] third = frame(gpu.kernels(), SIZE, 3);

    assertThat(Count.LAUNCHES.now()).isEqualTo(launches);
    assertThat(Count.GRAPHS.now()).isEqualTo(graphs + 1);
    assertThat(gpu.kernels().traffic().since(before).launches()).isEqualTo(1);
    assertThat(third).containsExactly(expected);
  }

  @Test
  void aLargerPictureInBetweenTakesNoGraphToMemoryThatIsGone() {
    Shape larger = Shape.of(97, 130);
    for (int seed = 1; seed <= 3; seed++) {
      frame(gpu.kernels(), SIZE, seed);
    }
    for (int seed = 4; seed <= 6; seed++) {
      assertThat(frame(gpu.kernels(), larger, seed)).containsExactly(afresh(larger, seed));
    }
    for (int seed = 7; seed <= 9; seed++) {
      assertThat(frame(gpu.kernels(), SIZE, seed)).containsExactly(afresh(SIZE, seed));
    }
  }
}
