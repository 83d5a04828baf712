package dev.parallax.kernels.cuda;

import dev.parallax.kernels.DepthGrid;
import org.jspecify.annotations.Nullable;

/**
 * The viewing rays' slopes x/z and y/z for each column and row of a grid: computed in double on the
 * host once a grid, because most GPUs are slow at it.
 */
final class GridSlopes implements AutoCloseable {
  private final CudaStream stream;
  private final Scratch columnMemory = new Scratch();
  private final Scratch rowMemory = new Scratch();
  private @Nullable DepthGrid grid;

  GridSlopes(CudaStream stream) {
    this.stream = stream;
  }

  void prepare(DepthGrid wanted) {
    if (wanted.equals(grid)) {
      return;
    }
    stream.bind();
    grid = wanted;
    stream.upload(wanted.columnSlopes(), columnMemory.words(1, wanted.width(), 1));
    stream.upload(wanted.rowSlopes(), rowMemory.words(1, wanted.height(), 1));
  }

  CudaBuffer columns() {
    return columnMemory.words(1, prepared().width(), 1);
  }

  CudaBuffer rows() {
    return rowMemory.words(1, prepared().height(), 1);
  }

  private DepthGrid prepared() {
    if (grid == null) {
      throw new IllegalStateException("No grid was prepared");
    }
    return grid;
  }

  @Override
  public void close() {
    columnMemory.close();
    rowMemory.close();
  }
}
