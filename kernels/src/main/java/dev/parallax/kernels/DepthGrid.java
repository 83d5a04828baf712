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

  /** {@code [w]} slopes x/z of the viewing rays of each column, in the optical frame. */
  public float[] columnSlopes() {
    return slopes(width(), camera.fx(), camera.cx());
  }

  /** {@code [h]} slopes y/z of the viewing rays of each row. */
  public float[] rowSlopes() {
    return slopes(height(), camera.fy(), camera.cy());
  }

  private float[] slopes(int n, double focal, double principal) {
    float[] slopes = new float[n];
    for (int i = 0; i < n; i++) {
      slopes[i] = (float) ((i * stride + centre() - principal) / focal);
    }
    return slopes;
  }

  /**
   * The grid pixel whose block a place of the picture lies in.
   *
   * @param u picture pixels; centres of pixels lie at whole numbers
   * @return index in rows, -1 outside of the grid
   */
  public int indexAt(float u, float v) {
    int gu = (int) Math.floor((u + 0.5f) / stride);
    int gv = (int) Math.floor((v + 0.5f) / stride);
    return gu < 0 || gv < 0 || gu >= width() || gv >= height() ? -1 : gv * width() + gu;
  }
}
