package dev.parallax.sim.eval.motion;

import dev.parallax.perception.frame.MovingMask;

/**
 * Intersection over union of estimated and true moving pixels over a clip. A pixel whose truth is
 * unknown is left out. A pixel whose estimate is unknown is not called moving: it costs where the
 * truth moves; its share is told, and so is the overlap over the pixels that were decided.
 */
public final class MaskOverlap {
  private long judged;
  private long unknown;
  private long both;
  private long either;
  private long eitherDecided;

  /**
   * @param iou NaN where nothing moves and nothing was said to
   * @param iouDecided the same over pixels with a decided estimate
   * @param unknownShare share of pixels whose estimate is unknown
   */
  public record Result(long pixels, double iou, double iouDecided, double unknownShare) {}

  /** Adds one pixel's labels, of {@link MovingMask}. */
  public void add(byte estimate, byte truth) {
    if (truth == MovingMask.UNKNOWN) {
      return;
    }
    boolean decided = estimate != MovingMask.UNKNOWN;
    boolean said = estimate == MovingMask.MOVING;
    boolean moves = truth == MovingMask.MOVING;
    judged++;
    unknown += decided ? 0 : 1;
    both += said && moves ? 1 : 0;
    either += said || moves ? 1 : 0;
    eitherDecided += decided && (said || moves) ? 1 : 0;
  }

  public Result result() {
    return new Result(
        judged, (double) both / either, (double) both / eitherDecided, (double) unknown / judged);
  }
}
