package dev.parallax.sim.eval.motion;

/**
 * Errors of scene flow over a clip, as displacements between two frames: EPE3D, the mean distance
 * between estimated and true displacement, and the accuracy, the share of pixels that are off by
 * less than 5 cm or less than 5 % of the true displacement (Liu et al. 2019). Velocities are turned
 * into displacements by the time between the frames. What moves is counted apart as well, since
 * most of a scene rests and zero is right there.
 */
public final class SceneFlowError {
  private static final double NEAR_M = 0.05;
  private static final double NEAR_SHARE = 0.05;

  /** Bodies nearer than this are judged by their velocity as well. */
  static final double NEAR_BODY_M = 5;

  private final Part all = new Part();
  private final Part moving = new Part();
  private long nearMoving;
  private long nearMovingTrue;
  private double sumNearMps;

  /**
   * @param pixels with both an estimate and a truth
   * @param epe3dM NaN without pixels, as is {@code accuracy}
   */
  public record Result(long pixels, double epe3dM, double accuracy) {}

  /**
   * Adds one pixel.
   *
   * @param estimateMps {@code [3]} from {@code at} on; NaN where unknown, and then left out
   * @param truthMps likewise
   * @param unit metres in the estimate's unit of length
   * @param frameS time between the two frames, seconds
   * @param truthMoves whether the truth says that the pixel moves by itself
   * @param truthM its true depth, metres; NaN where unknown
   */
  public void add(
      float[] estimateMps,
      int at,
      float[] truthMps,
      int truthAt,
      double unit,
      double frameS,
      boolean truthMoves,
      double truthM) {
    double error = 0;
    double length = 0;
    for (int k = 0; k < 3; k++) {
      double t = truthMps[truthAt + k] * frameS;
      double e = estimateMps[at + k] * unit * frameS - t;
      error += e * e;
      length += t * t;
    }
    boolean isNear = truthMoves && truthM < NEAR_BODY_M && !Double.isNaN(length);
    nearMovingTrue += isNear ? 1 : 0;
    if (Double.isNaN(error + length)) {
      return;
    }
    all.add(Math.sqrt(error), Math.sqrt(length));
    if (truthMoves) {
      moving.add(Math.sqrt(error), Math.sqrt(length));
      if (isNear) {
        nearMoving++;
        sumNearMps += Math.sqrt(error) / frameS;
      }
    }
  }

  /** Pixels of near bodies that move by themselves. */
  public long nearMovingPixels() {
    return nearMoving;
  }

  /** The share of all such pixels whose velocity was estimated; NaN where there are none. */
  public double nearMovingDensity() {
    return (double) nearMoving / nearMovingTrue;
  }

  /** Mean error of their velocity, m/s; NaN without pixels. */
  public double nearMovingMps() {
    return sumNearMps / nearMoving;
  }

  /** Over all judged pixels. */
  public Result all() {
    return all.result();
  }

  /** Over those that truly move by themselves. */
  public Result moving() {
    return moving.result();
  }

  private static final class Part {
    private long n;
    private long near;
    private double sumM;

    void add(double errorM, double trueM) {
      n++;
      sumM += errorM;
      near += errorM < NEAR_M || errorM < NEAR_SHARE * trueM ? 1 : 0;
    }

    Result result() {
      return new Result(n, sumM / n, (double) near / n);
    }
  }
}
