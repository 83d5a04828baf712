package dev.parallax.kernels;

/**
 * The grid that depth is kept on: every {@code stride}-th pixel of the rectified picture, sampled
 * at the centre of its {@code stride x stride} block.
 *
 * @param picture size of the rectified picture
 * @param camera intrinsics of the rectified picture
 * @param stride 1 or more picture pixels per grid pixel
 */
public record DepthGrid(Shape picture, Intrinsics camera, int stride) {
  public DepthGrid {
    if (stride < 1 || stride > Math.min(picture.height(), picture.width())) {
      throw new IllegalArgumentException("Stride %d does not fit %s".formatted(stride, picture));
    }
  }

  public int width() {
    return picture.width() / stride;
  }

  public int height() {
    return picture.height() / stride;
  }

  public Shape shape() {
    return Shape.of(height(), width());
  }

  /** Offset of a block's centre from its first pixel, picture pixels. */
  public double centre() {
    return (stride - 1) / 2.0;
  }
}
