package dev.parallax.kernels.cuda;

import static dev.parallax.kernels.cuda.CudaException.check;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.cuda.CudaFunction.Parameter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * Gathers a kernel's arguments and launches it. The driver copies them at the launch, so that one
 * instance serves all launches of a stream and makes no garbage.
 */
final class CudaLaunch {
  /** Threads of a block that covers part of a picture, across and down. */
  private static final int TILE_WIDTH = 32;

  private static final int TILE_HEIGHT = 8;

  private static final int BLOCK = 256;
  private static final int MAX_ARGUMENTS = 32;
  private static final int SLOT_BYTES = 256;

  private final CUstream stream;
  private final ByteBuffer slots =
      ByteBuffer.allocateDirect(MAX_ARGUMENTS * SLOT_BYTES).order(ByteOrder.nativeOrder());
  private final Pointer[] arguments = new Pointer[MAX_ARGUMENTS + 1];
  private CudaFunction kernel;
  private int count;
  private @Nullable LaunchTimes times;
  private int across;
  private int down;
  private int threads;
  private long launches;

  CudaLaunch(CUstream stream) {
    this.stream = stream;
    Pointer[] each = new Pointer[MAX_ARGUMENTS];
    for (int i = 0; i < MAX_ARGUMENTS; i++) {
      each[i] = Pointer.to(slots).withByteOffset((long) i * SLOT_BYTES);
    }
    for (int n = 0; n <= MAX_ARGUMENTS; n++) {
      Pointer[] first = new Pointer[n];
      System.arraycopy(each, 0, first, 0, n);
      arguments[n] = Pointer.to(first);
    }
    kernel = new CudaFunction("nothing", new CUfunction(), List.of());
  }

  /** Times every launch from here on; null to stop. */
  void timeWith(@Nullable LaunchTimes wanted) {
    times = wanted;
  }

  boolean isTimed() {
    return times != null;
  }

  /** Kernels launched so far. */
  long launches() {
    return launches;
  }

  CudaLaunch of(CudaFunction function) {
    kernel = function;
    count = 0;
    return this;
  }

  private int slot(Parameter given) {
    if (count >= kernel.parameters().size() || !kernel.parameters().get(count).equals(given)) {
      throw new IllegalArgumentException(
          "Argument %d of %s: got %s, it takes %s"
              .formatted(count, kernel.name(), given, kernel.parameters()));
    }
    return SLOT_BYTES * count++;
  }

  CudaLaunch with(DeviceBuffer buffer) {
    slots.putLong(slot(Parameter.ADDRESS), CudaBuffer.live(buffer).at().value());
    return this;
  }

  /** A buffer from an offset on. */
  CudaLaunch at(DeviceBuffer buffer, long offsetBytes) {
    slots.putLong(slot(Parameter.ADDRESS), CudaBuffer.live(buffer).at().value() + offsetBytes);
    return this;
  }

  CudaLaunch with(int value) {
    slots.putInt(slot(Parameter.INT), value);
    return this;
  }

  CudaLaunch with(float value) {
    slots.putFloat(slot(Parameter.FLOAT), value);
    return this;
  }

  CudaLaunch with(double value) {
    slots.putDouble(slot(Parameter.DOUBLE), value);
    return this;
  }

  /** A structure of floats, by value. */
  CudaLaunch with(float[] structure) {
    int at = slot(Parameter.structure(4 * structure.length));
    for (int i = 0; i < structure.length; i++) {
      slots.putFloat(at + 4 * i, structure[i]);
    }
    return this;
  }

  /** A structure of integers, by value. */
  CudaLaunch with(int[] structure) {
    int at = slot(Parameter.structure(4 * structure.length));
    for (int i = 0; i < structure.length; i++) {
      slots.putInt(at + 4 * i, structure[i]);
    }
    return this;
  }

  /** A structure of doubles, by value. */
  CudaLaunch with(double[] structure) {
    int at = slot(Parameter.structure(8 * structure.length));
    for (int i = 0; i < structure.length; i++) {
      slots.putDouble(at + 8 * i, structure[i]);
    }
    return this;
  }

  /** A structure of addresses and 64-bit integers, by value. */
  CudaLaunch with(long[] structure) {
    int at = slot(Parameter.structure(8 * structure.length));
    for (int i = 0; i < structure.length; i++) {
      slots.putLong(at + 8 * i, structure[i]);
    }
    return this;
  }

  /** One thread a pixel, in blocks of 32x8. */
  void overPixels(int width, int height) {
    launch(divide(width, TILE_WIDTH), divide(height, TILE_HEIGHT), TILE_WIDTH, TILE_HEIGHT);
  }

  /** One thread an item. */
  void over(int items) {
    if (items > 0) {
      launch(divide(items, BLOCK), 1, BLOCK, 1);
    }
  }

  /** So many blocks across and down, of so many threads in a row. */
  void blocks(int across, int down, int threads) {
    if (across > 0 && down > 0) {
      launch(across, down, threads, 1);
    }
  }

  private static int divide(int n, int by) {
    return (n + by - 1) / by;
  }

  private void launch(int gridX, int gridY, int blockX, int blockY) {
    if (count != kernel.parameters().size()) {
      throw new IllegalArgumentException(
          "%s takes %d arguments, got %d"
              .formatted(kernel.name(), kernel.parameters().size(), count));
    }
    across = gridX;
    down = gridY;
    threads = blockX * blockY;
    LaunchTimes timing = times;
    CUevent begin = timing == null ? null : timing.mark(stream);
    int result =
        JCudaDriver.cuLaunchKernel(
            kernel.handle(), gridX, gridY, 1, blockX, blockY, 1, 0, stream, arguments[count], null);
    check(result, "cuLaunchKernel", this);
    launches++;
    if (timing != null && begin != null) {
      timing.add(kernel.name(), (long) gridX * gridY * threads, begin, timing.mark(stream));
    }
  }

  /** The last launch in words, for errors: the kernel and its extent. */
  @Override
  public String toString() {
    return "%s on [%d %d] blocks of %d threads".formatted(kernel.name(), down, across, threads);
  }
}
