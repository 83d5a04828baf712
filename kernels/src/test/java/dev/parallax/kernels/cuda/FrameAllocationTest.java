package dev.parallax.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.Shape;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A frame's calls take host memory for small things only: nothing of the size of a picture. */
class FrameAllocationTest {
  private static final Shape SIZE = Shape.of(240, 320);

  /** Less than the smallest field there is, a byte for each pixel of the depth grid. */
  private static final long MAX_BYTES = SIZE.pixels() / 4 - 1000;

  @RegisterExtension final ShimSession gpu = new ShimSession();

  @Test
  void aFrameInTheLongRunTakesNoHostMemoryOfTheSizeOfAPicture() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    try (BufferScope scope = gpu.kernels().openScope();
        KernelFrame frame = new KernelFrame(gpu.kernels(), scope, SIZE, new Random(1))) {
      for (int i = 0; i < 4; i++) {
        frame.run(); // takes its memory, and captures its graphs
      }
      for (int i = 0; i < 3; i++) {
        long before = threads.getThreadAllocatedBytes(thread);
        frame.run();
        assertThat(threads.getThreadAllocatedBytes(thread) - before).isLessThan(MAX_BYTES);
      }
    }
  }
}
