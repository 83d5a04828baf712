package dev.parallax.kernels;

/** Work on pictures, {@code U8}. */
public interface ImageKernels {
  /**
   * Luma of a picture.
   *
   * @param picture {@code [H W 3]} BGR or {@code [H W 1]} grey
   * @param grey {@code [H W 1]} receives the result
   */
  void grey(DeviceBuffer picture, DeviceBuffer grey);

  /**
   * Samples a picture bilinearly, black where the map points outside.
   *
   * @param picture {@code [H W C]} U8
   * @param map {@code [H' W' 2]} F32, the source pixel (u, v) of each target pixel
   * @param target {@code [H' W' C]} U8
   */
  void remap(DeviceBuffer picture, DeviceBuffer map, DeviceBuffer target);

  /**
   * Mean and standard deviation of a grey picture, for telling darkness from content.
   *
   * @param both {@code [1 1 2]} F32 receives them, grey levels 0..255
   */
  void meanAndStd(DeviceBuffer grey, DeviceBuffer both);

  /**
   * Picks points that can be tracked: in every cell of a grid the pixel with the largest smaller
   * eigenvalue of the gradient's structure tensor, summed over a window of 7x7 pixels (Shi and
   * Tomasi 1994).
   *
   * @param grey {@code [H W 1]} U8
   * @param cellPx edge of a grid cell
   * @param borderPx margin left free along the picture's edge
   * @param minEigenvalue cells whose best pixel scores less stay empty, squared grey levels per
   *     squared pixel, summed over the window
   * @param skip {@code [rows cols]} cells to leave out, true to skip
   * @param uv receives interleaved (u, v)
   * @return how many points were found
   */
  int corners(
      DeviceBuffer grey,
      int cellPx,
      int borderPx,
      double minEigenvalue,
      boolean[] skip,
      float[] uv);
}
