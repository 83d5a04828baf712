package dev.parallax.kernels.cuda;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.ElementType;
import java.util.ArrayList;
import java.util.List;

/** A grey picture as float levels, each half the size of the one before; level 0 is left out. */
final class FlowPyramid implements AutoCloseable {
  private final CudaStream stream;
  private final CudaFunction halfOfGrey;
  private final CudaFunction halfOfLevel;
  private final List<Scratch> memory = new ArrayList<>();
  private final List<CudaBuffer> levels = new ArrayList<>();

  FlowPyramid(CudaDevice device, CudaStream stream) {
    this.stream = stream;
    halfOfGrey = device.function("half_of_grey");
    halfOfLevel = device.function("half_of_level");
  }

  /** Computes the levels {@code 1..coarsest}. */
  void build(DeviceBuffer grey, int coarsest) {
    levels.clear();
    CudaBuffer finer = CudaBuffer.live(grey, ElementType.U8);
    for (int level = 1; level <= coarsest; level++) {
      if (level > memory.size()) {
        memory.add(new Scratch());
      }
      int width = Math.max(1, finer.shape().width() / 2);
      int height = Math.max(1, finer.shape().height() / 2);
      CudaBuffer half = memory.get(level - 1).words(height, width, 1);
      stream
          .launch(level == 1 ? halfOfGrey : halfOfLevel)
          .with(finer)
          .with(finer.shape().width())
          .with(finer.shape().height())
          .with(half)
          .with(width)
          .with(height)
          .overPixels(width, height);
      levels.add(half);
      finer = half;
    }
  }

  /** Level 1 is half the picture. */
  CudaBuffer level(int level) {
    return levels.get(level - 1);
  }

  @Override
  public void close() {
    memory.forEach(Scratch::close);
  }
}
