package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.ImageKernels;
import dev.parallax.kernels.Shape;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;

/** Picture work through OpenCV's imgproc. */
final class CpuImageKernels implements ImageKernels, AutoCloseable {
  private static final int STRUCTURE_WINDOW_PX = 7;

  private final Mat source = new Mat();
  private final Mat target = new Mat();
  private final Mat mapMat = new Mat();
  private final Mat eigen = new Mat();
  private float[] eigenHost = new float[0];

  @Override
  public void grey(DeviceBuffer picture, DeviceBuffer grey) {
    requireSameSize(picture, grey);
    switch (picture.shape().channels()) {
      case 1 ->
          System.arraycopy(
              HostBuffer.bytes(picture), 0, HostBuffer.bytes(grey), 0, picture.shape().elements());
      case 3 -> {
        MatBuffers.fill(source, picture);
        opencv_imgproc.cvtColor(source, target, opencv_imgproc.COLOR_BGR2GRAY);
        MatBuffers.read(target, grey);
      }
      default ->
          throw new IllegalArgumentException("No luma for a picture of shape " + picture.shape());
    }
  }

  @Override
  public void remap(DeviceBuffer picture, DeviceBuffer map, DeviceBuffer out) {
    requireSameSize(map, out);
    MatBuffers.fill(source, picture);
    MatBuffers.fill(mapMat, map);
    try (Mat none = new Mat();
        Scalar black = new Scalar(0)) {
      opencv_imgproc.remap(
          source,
          target,
          mapMat,
          none,
          opencv_imgproc.INTER_LINEAR,
          opencv_core.BORDER_CONSTANT,
          black);
    }
    MatBuffers.read(target, out);
  }

  @Override
  public void meanAndStd(DeviceBuffer grey, DeviceBuffer both) {
    byte[] g = HostBuffer.bytes(grey);
    long sum = 0;
    long squares = 0;
    for (byte b : g) {
      int v = b & 0xff;
      sum += v;
      squares += v * v;
    }
    double mean = (double) sum / g.length;
    double variance = Math.max(0, (double) squares / g.length - mean * mean);
    float[] out = HostBuffer.floats(both);
    out[0] = (float) mean;
    out[1] = (float) Math.sqrt(variance);
  }

  @Override
  public int corners(
      DeviceBuffer grey,
      int cellPx,
      int borderPx,
      double minEigenvalue,
      boolean[] skip,
      float[] uv) {
    Shape shape = grey.shape();
    MatBuffers.fill(source, grey);
    opencv_imgproc.cornerMinEigenVal(source, eigen, STRUCTURE_WINDOW_PX, 3, 4);
    if (eigenHost.length != shape.pixels()) {
      eigenHost = new float[shape.pixels()];
    }
    new FloatPointer(eigen.data()).get(eigenHost);
    // OpenCV multiplies its 3x3 Sobel response, eight times the gradient, by 1 / (4 * window * 255)
    // for 8-bit pictures, and sums products over the window.
    double scale = Math.pow(4.0 * STRUCTURE_WINDOW_PX * 255.0 / 8.0, 2);
    float threshold = (float) (minEigenvalue / scale);
    int columns = (shape.width() + cellPx - 1) / cellPx;
    int rows = (shape.height() + cellPx - 1) / cellPx;
    int found = 0;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        if (skip[row * columns + column] || 2 * found + 1 >= uv.length) {
          continue;
        }
        int best = bestInCell(shape, row * cellPx, column * cellPx, cellPx, borderPx, threshold);
        if (best >= 0) {
          uv[2 * found] = best % shape.width();
          uv[2 * found + 1] = best / shape.width();
          found++;
        }
      }
    }
    return found;
  }

  private int bestInCell(Shape shape, int v0, int u0, int cellPx, int borderPx, float threshold) {
    int vEnd = Math.min(v0 + cellPx, shape.height() - borderPx);
    int uEnd = Math.min(u0 + cellPx, shape.width() - borderPx);
    int best = -1;
    float bestValue = threshold;
    for (int v = Math.max(v0, borderPx); v < vEnd; v++) {
      for (int u = Math.max(u0, borderPx); u < uEnd; u++) {
        float value = eigenHost[v * shape.width() + u];
        if (value > bestValue) {
          bestValue = value;
          best = v * shape.width() + u;
        }
      }
    }
    return best;
  }

  private static void requireSameSize(DeviceBuffer a, DeviceBuffer b) {
    if (a.shape().height() != b.shape().height() || a.shape().width() != b.shape().width()) {
      throw new IllegalArgumentException("Sizes differ: " + Arrays.asList(a.shape(), b.shape()));
    }
  }

  @Override
  public void close() {
    source.close();
    target.close();
    mapMat.close();
    eigen.close();
  }
}
