package dev.parallax.perception.geometry;

/**
 * Where each pixel of the rectified picture comes from in the distorted one.
 *
 * @param width of both pictures, pixels
 * @param height of both pictures, pixels
 * @param sourceUv {@code [height width 2]} interleaved source pixel (u, v); NaN where the distorted
 *     picture does not show what the rectified pixel would
 */
public record UndistortionMap(int width, int height, float[] sourceUv) {
  public UndistortionMap {
    if (sourceUv.length != 2 * width * height) {
      throw new IllegalArgumentException(
          "UndistortionMap %dx%d needs %d values, got %d"
              .formatted(width, height, 2 * width * height, sourceUv.length));
    }
  }

  /** The map from pictures of {@code camera} to those of its {@link CameraModel#rectified()}. */
  public static UndistortionMap of(CameraModel camera) {
    PinholeCamera rectified = camera.rectified();
    int width = rectified.width();
    int height = rectified.height();
    float[] map = new float[2 * width * height];
    double[] uv = new double[2];
    for (int v = 0; v < height; v++) {
      double y = (v - rectified.cy()) / rectified.fy();
      for (int u = 0; u < width; u++) {
        double x = (u - rectified.cx()) / rectified.fx();
        boolean shown = camera.project(x, y, 1, uv) && isInside(camera, uv);
        int at = 2 * (v * width + u);
        map[at] = shown ? (float) uv[0] : Float.NaN;
        map[at + 1] = shown ? (float) uv[1] : Float.NaN;
      }
    }
    return new UndistortionMap(width, height, map);
  }

  /**
   * Brings a field of the distorted picture to the rectified one by its nearest sample, for what
   * must not be blended, such as depth.
   *
   * @param distorted {@code [height width]}
   * @return {@code [height width]}, NaN where there is no source
   */
  public float[] sampleNearest(float[] distorted) {
    if (distorted.length != width * height) {
      throw new IllegalArgumentException(
          "Field of %d values does not lie on the %dx%d picture"
              .formatted(distorted.length, width, height));
    }
    float[] rectified = new float[width * height];
    for (int i = 0; i < rectified.length; i++) {
      float u = sourceUv[2 * i];
      rectified[i] =
          Float.isNaN(u)
              ? Float.NaN
              : distorted[Math.round(sourceUv[2 * i + 1]) * width + Math.round(u)];
    }
    return rectified;
  }

  /** Share of the rectified picture that has a source, 0..1. */
  public double coveredShare() {
    int covered = 0;
    for (int i = 0; i < sourceUv.length; i += 2) {
      if (!Float.isNaN(sourceUv[i])) {
        covered++;
      }
    }
    return covered / (double) (width * height);
  }

  /** Between pixel centres, so that interpolation needs nothing from beyond the border. */
  private static boolean isInside(CameraModel camera, double[] uv) {
    return uv[0] >= 0 && uv[0] <= camera.width() - 1 && uv[1] >= 0 && uv[1] <= camera.height() - 1;
  }
}
