package dev.parallax.kernels.cuda;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.ElementType;

/** How sure flow can be, from the texture of a quarter of the picture. */
final class FlowCovariance implements AutoCloseable {
  private static final int SCALE = 4;

  private final CudaStream stream;
  private final CudaFunction quarterOfGrey;
  private final CudaFunction gradientProducts;
  private final CudaFunction covariance;
  private final CudaFunction spread;
  private final Scratch quarter = new Scratch();
  private final Scratch products = new Scratch();
  private final Scratch reduced = new Scratch();

  FlowCovariance(CudaDevice device, CudaStream stream) {
    this.stream = stream;
    quarterOfGrey = device.function("quarter_of_grey");
    gradientProducts = device.function("gradient_products");
    covariance = device.function("flow_covariance");
    spread = device.function("spread_covariance");
  }

  void run(DepthGrid grid, DeviceBuffer grey, float minStdPx, DeviceBuffer out) {
    int width = grid.picture().width() / SCALE;
    int height = grid.picture().height() / SCALE;
    stream.bind();
    CudaBuffer small = quarter.words(height, width, 1);
    CudaBuffer gradients = products.words(height, width, 4);
    CudaBuffer inverted = reduced.words(height, width, 4);
    stream
        .launch(quarterOfGrey)
        .with(CudaBuffer.live(grey, ElementType.U8))
        .with(grid.picture().width())
        .with(small)
        .with(width)
        .with(height)
        .overPixels(width, height);
    stream
        .launch(gradientProducts)
        .with(small)
        .with(gradients)
        .with(width)
        .with(height)
        .overPixels(width, height);
    stream
        .launch(covariance)
        .with(gradients)
        .with(inverted)
        .with(width)
        .with(height)
        .with(minStdPx)
        .overPixels(width, height);
    stream
        .launch(spread)
        .with(inverted)
        .with(width)
        .with(height)
        .with(CudaBuffer.live(out, ElementType.F32))
        .with(grid.stride())
        .with(grid.width())
        .with(grid.height())
        .overPixels(grid.width(), grid.height());
  }

  @Override
  public void close() {
    quarter.close();
    products.close();
    reduced.close();
  }
}
