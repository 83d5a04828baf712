package dev.parallax.sim.eval.depth;

import dev.parallax.perception.geometry.PinholeCamera;
import java.util.Arrays;

/**
 * F-score of each frame's point cloud at 10 cm, averaged over frames. Precision is the share of
 * estimated points with a true point within 10 cm, recall the share of true points with an
 * estimated one: a hole costs recall. Estimated points where the truth is unknown cannot be judged
 * and are left out.
 *
 * <p>Neighbours are exact and searched among all points of the frame; at most {@value
 * #MOST_QUERIES} points a frame ask, every k-th in reading order.
 */
final class PointCloudScore {
  static final double RADIUS_M = 0.10;
  static final int MOST_QUERIES = 10_000;

  private final DepthAlignment alignment;
  private int frames;
  private double precision;
  private double recall;
  private double fScore;

  /** Means over frames. */
  record Result(int frames, double precision, double recall, double fScore) {}

  PointCloudScore(DepthAlignment alignment) {
    this.alignment = alignment;
  }

  /** Adds a frame; one without any known truth tells nothing and is left out. */
  void add(DepthFrame frame) {
    float[] truth = new float[3 * frame.truthM().length];
    float[] estimate = new float[truth.length];
    int truthEnd = 0;
    int estimateEnd = 0;
    for (int i = 0; i < frame.truthM().length; i++) {
      if (frame.truthM()[i] > 0) {
        truthEnd = put(truth, truthEnd, frame.camera(), i, frame.truthM()[i]);
        if (frame.estimate()[i] > 0) {
          double metres = alignment.metres(frame.estimate()[i]);
          estimateEnd = put(estimate, estimateEnd, frame.camera(), i, metres);
        }
      }
    }
    if (truthEnd == 0) {
      return;
    }
    double p = shareNear(Arrays.copyOf(estimate, estimateEnd), Arrays.copyOf(truth, truthEnd));
    double r = shareNear(Arrays.copyOf(truth, truthEnd), Arrays.copyOf(estimate, estimateEnd));
    frames++;
    precision += p;
    recall += r;
    fScore += p + r > 0 ? 2 * p * r / (p + r) : 0;
  }

  Result result() {
    return new Result(frames, precision / frames, recall / frames, fScore / frames);
  }

  /** Share of {@code asking} points with one of {@code others} near; 0 where none asks. */
  static double shareNear(float[] asking, float[] others) {
    int n = asking.length / 3;
    int stride = Math.max(1, (n + MOST_QUERIES - 1) / MOST_QUERIES);
    PointGrid grid = new PointGrid(others, RADIUS_M);
    int asked = 0;
    int near = 0;
    for (int i = 0; i < n; i += stride) {
      asked++;
      near += grid.hasNear(asking[3 * i], asking[3 * i + 1], asking[3 * i + 2]) ? 1 : 0;
    }
    return asked == 0 ? 0 : (double) near / asked;
  }

  private static int put(float[] xyz, int end, PinholeCamera camera, int pixel, double depthM) {
    int column = pixel % camera.width();
    int row = pixel / camera.width();
    xyz[end] = (float) ((column - camera.cx()) / camera.fx() * depthM);
    xyz[end + 1] = (float) ((row - camera.cy()) / camera.fy() * depthM);
    xyz[end + 2] = (float) depthM;
    return end + 3;
  }
}
