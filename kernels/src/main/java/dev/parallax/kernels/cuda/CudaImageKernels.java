package dev.parallax.kernels.cuda;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.ElementType;
import dev.parallax.kernels.ImageKernels;
import dev.parallax.kernels.Shape;

/** Picture work on the GPU: {@code image.cu}. */
final class CudaImageKernels implements ImageKernels, AutoCloseable {
  private static final int SUM_BLOCKS = 256;
  private static final int BEST_THREADS = 64;

  private final CudaStream stream;
  private final CudaFunction greyOfBgr;
  private final CudaFunction remap;
  private final CudaFunction greySums;
  private final CudaFunction meanAndStd;
  private final CudaFunction minEigenvalue;
  private final CudaFunction bestOfCell;
  private final Scratch sums = new Scratch();
  private final Scratch eigenvalues = new Scratch();
  private final Scratch best = new Scratch();

  CudaImageKernels(CudaDevice device, CudaStream stream) {
    this.stream = stream;
    greyOfBgr = device.function("grey_of_bgr");
    remap = device.function("remap_u8");
    greySums = device.function("grey_sums");
    meanAndStd = device.function("mean_and_std");
    minEigenvalue = device.function("min_eigenvalue");
    bestOfCell = device.function("best_of_cell");
  }

  @Override
  public void grey(DeviceBuffer picture, DeviceBuffer grey) {
    requireSameSize(picture, grey);
    CudaBuffer source = CudaBuffer.live(picture, ElementType.U8);
    CudaBuffer target = CudaBuffer.live(grey, ElementType.U8);
    int pixels = picture.shape().pixels();
    switch (picture.shape().channels()) {
      case 1 -> stream.copy(source, target);
      case 3 -> stream.launch(greyOfBgr).with(source).with(target).with(pixels).over(pixels);
      default ->
          throw new IllegalArgumentException("No luma for a picture of shape " + picture.shape());
    }
  }

  @Override
  public void remap(DeviceBuffer picture, DeviceBuffer map, DeviceBuffer target) {
    requireSameSize(map, target);
    Shape from = picture.shape();
    Shape to = target.shape();
    CudaBuffer.require(map, ElementType.F32, to.withChannels(2));
    CudaBuffer.require(target, ElementType.U8, to.withChannels(from.channels()));
    stream
        .launch(remap)
        .with(CudaBuffer.live(picture, ElementType.U8))
        .with(from.width())
        .with(from.height())
        .with(from.channels())
        .with(CudaBuffer.live(map, ElementType.F32))
        .with(CudaBuffer.live(target, ElementType.U8))
        .with(to.width())
        .with(to.height())
        .overPixels(to.width(), to.height());
  }

  @Override
  public void meanAndStd(DeviceBuffer grey, DeviceBuffer out) {
    CudaBuffer.require(out, ElementType.F32, new Shape(1, 1, 2));
    int pixels = grey.shape().elements();
    stream.bind();
    CudaBuffer both = sums.longs(2);
    stream.fill(both, 0);
    stream
        .launch(greySums)
        .with(CudaBuffer.live(grey, ElementType.U8))
        .with(pixels)
        .with(both)
        .blocks(Math.min(SUM_BLOCKS, (pixels + 255) / 256), 1, 256);
    stream.launch(meanAndStd).with(both).with(pixels).with(CudaBuffer.live(out)).over(1);
  }

  @Override
  public int corners(
      DeviceBuffer grey,
      int cellPx,
      int borderPx,
      double minEigenvalue,
      boolean[] skip,
      float[] uv) {
    int width = grey.shape().width();
    int height = grey.shape().height();
    int columns = (width + cellPx - 1) / cellPx;
    int rows = (height + cellPx - 1) / cellPx;
    stream.bind();
    CudaBuffer values = eigenvalues.words(height, width, 1);
    CudaBuffer keys = best.longs(rows * columns);
    stream
        .launch(this.minEigenvalue)
        .with(CudaBuffer.live(grey, ElementType.U8))
        .with(values)
        .with(width)
        .with(height)
        .overPixels(width, height);
    stream
        .launch(bestOfCell)
        .with(values)
        .with(width)
        .with(height)
        .with(cellPx)
        .with(borderPx)
        .with((float) minEigenvalue)
        .with(keys)
        .blocks(columns, rows, BEST_THREADS);
    long[] host = new long[rows * columns];
    stream.download(keys, host);
    return collect(host, skip, width, uv);
  }

  /** Keys hold the eigenvalue's bits above the complement of the pixel's index. */
  private static int collect(long[] keys, boolean[] skip, int width, float[] uv) {
    int found = 0;
    for (int cell = 0; cell < keys.length && 2 * found + 1 < uv.length; cell++) {
      if (!skip[cell] && keys[cell] != 0) {
        int pixel = ~(int) keys[cell];
        uv[2 * found] = pixel % width;
        uv[2 * found + 1] = pixel / width;
        found++;
      }
    }
    return found;
  }

  private static void requireSameSize(DeviceBuffer a, DeviceBuffer b) {
    if (a.shape().height() != b.shape().height() || a.shape().width() != b.shape().width()) {
      throw new IllegalArgumentException("Sizes differ: [%s, %s]".formatted(a.shape(), b.shape()));
    }
  }

  @Override
  public void close() {
    sums.close();
    eigenvalues.close();
    best.close();
  }
}
