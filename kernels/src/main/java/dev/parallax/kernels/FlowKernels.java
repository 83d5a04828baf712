package dev.parallax.kernels;

import java.util.List;

/** Motion between pictures. Flow fields are in pixels of their own grid. */
public interface FlowKernels {
  /** Where a search starts. */
  enum Start {
    /** From no motion. */
    NOTHING,
    /** From a guess at the motion between neighbours of a video. */
    NEIGHBOUR,
    /** From a good guess at the motion between pictures that lie far apart. */
    FAR
  }

  /**
   * One dense flow to compute: where each grid pixel of {@code from} lies in {@code to}. The grid
   * is that of the picture or, as {@link DepthGrid} has it, every second or fourth of its pixels.
   *
   * @param from {@code [H W 1]} U8
   * @param to {@code [H W 1]} U8
   * @param flow {@code [h w 2]} F32 receives (du, dv), grid pixels
   * @param start where the search starts
   */
  record Request(DeviceBuffer from, DeviceBuffer to, DeviceBuffer flow, Start start) {
    /**
     * @throws IllegalArgumentException if the pictures differ in size or flow is on no grid of them
     */
    public Request {
      Shape picture = from.shape();
      int stride = picture.width() / flow.shape().width();
      boolean fits =
          picture.equals(to.shape())
              && stride > 0
              && flow.shape().width() == picture.width() / stride
              && flow.shape().height() == picture.height() / stride
              && flow.shape().channels() == 2;
      if (!fits) {
        throw new IllegalArgumentException(
            "Flow %s between pictures %s and %s".formatted(flow.shape(), picture, to.shape()));
      }
    }

    /** Whether {@code flow} already holds a guess to start from. */
    public boolean startFromFlow() {
      return start != Start.NOTHING;
    }

    /** Picture pixels from one grid pixel to the next. */
    public int stride() {
      return from.shape().width() / flow.shape().width();
    }
  }

  /**
   * Dense inverse search (Kroeger et al. 2016) for each request; independent requests may run at
   * the same time. The answer does not depend on the number of threads.
   */
  void dense(List<Request> requests);

  /**
   * Follows single points with sub-pixel precision: Lucas-Kanade on the full-resolution pictures,
   * started from a guess.
   *
   * @param from {@code [H W 1]} U8
   * @param to {@code [H W 1]} U8
   * @param n number of points
   * @param fromUv {@code [n 2]} pixels in {@code from}
   * @param toUv {@code [n 2]} pixels in {@code to}: the guess, replaced by the result
   * @param error {@code [n]} receives the mean absolute grey difference of the two patches, NaN
   *     where the point could not be followed
   */
  void track(
      DeviceBuffer from, DeviceBuffer to, int n, float[] fromUv, float[] toUv, float[] error);

  /**
   * Begins to find single points again in the next picture: a dense flow says roughly where, {@link
   * #track} exactly where. The answers are there after the next {@link
   * PerceptionKernels#finishFetches}; until then their arrays must be left alone.
   *
   * @param from {@code [H W 1]} U8 the picture that the points are compared with
   * @param to {@code [H W 1]} U8 the next picture
   * @param flow {@code [h w 2]} F32 to the next picture from the one before it, grid pixels;
   *     sampled bilinearly, clamped to the grid
   * @param n number of points
   * @param fromUv {@code [n 2]} pixels in {@code from}
   * @param beforeUv {@code [n 2]} pixels in the picture before the next
   * @param predictedUv {@code [n 2]} receives where the flow leads, pixels
   * @param toUv {@code [n 2]} receives where {@link #track} gets from there
   * @param error {@code [n]} as {@link #track}
   */
  void follow(
      DeviceBuffer from,
      DeviceBuffer to,
      DeviceBuffer flow,
      int n,
      float[] fromUv,
      float[] beforeUv,
      float[] predictedUv,
      float[] toUv,
      float[] error);

  /**
   * Chains two flows: {@code out(u) = first(u) + second(u + first(u))}, bilinear; where the first
   * leads out of the picture, the second's value at its edge counts.
   */
  void compose(DeviceBuffer first, DeviceBuffer second, DeviceBuffer out);

  /**
   * Forward-backward consistency on the grid of {@code backward}: {@code |b(u) + f(u + b(u))|}.
   *
   * @param out {@code [h w 1]} F32 receives grid pixels; +Inf where {@code u + b(u)} leaves the
   *     grid
   */
  void inconsistency(DeviceBuffer backward, DeviceBuffer forward, DeviceBuffer out);

  /** Copies a flow into another buffer of the same shape. */
  void copy(DeviceBuffer flow, DeviceBuffer target);

  /**
   * A rough inverse: each vector is written, negated, where it points; gaps take the nearest value
   * to their left or above. Good enough to start a search from.
   *
   * @param flow {@code [h w 2]} on the grid of picture a
   * @param inverse {@code [h w 2]} receives the flow on the grid of picture b
   */
  void invert(DeviceBuffer flow, DeviceBuffer inverse);
}
