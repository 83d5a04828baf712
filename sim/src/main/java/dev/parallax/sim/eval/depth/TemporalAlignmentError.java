package dev.parallax.sim.eval.depth;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;

/**
 * TAE (Yang et al. 2024): depth of one frame moved into the next by the true camera motion and
 * compared there, |d' − proj(d)| / d', both ways, mean over pixels, then over pairs, times 100. The
 * move is z-buffered, so that what becomes hidden is not compared. A wrong but constant depth
 * scores well: read it beside AbsRel.
 */
public final class TemporalAlignmentError {
  private int pairs;
  private double sum;

  /** Mean over pairs of frames, percent; NaN without pairs. */
  record Result(int pairs, double percent) {}

  /**
   * Adds two frames that follow one another.
   *
   * @param beforeM {@code [h w]} metres, NaN where unknown
   * @param afterM {@code [h w]}
   * @param T_after_before true motion of the camera
   */
  void add(PinholeCamera camera, float[] beforeM, float[] afterM, Se3 T_after_before) {
    double error = ofPair(camera, beforeM, afterM, T_after_before);
    if (!Double.isNaN(error)) {
      pairs++;
      sum += error;
    }
  }

  /**
   * The error of two frames that follow one another, as a share; NaN where they have nothing in
   * common.
   *
   * @param beforeM {@code [h w]} depth in any unit, that of the translation, NaN where unknown
   * @param afterM {@code [h w]}
   */
  public static double ofPair(
      PinholeCamera camera, float[] beforeM, float[] afterM, Se3 T_after_before) {
    double there = oneWay(camera, beforeM, afterM, T_after_before);
    double back = oneWay(camera, afterM, beforeM, T_after_before.inverse());
    return (there + back) / 2;
  }

  Result result() {
    return new Result(pairs, 100 * sum / pairs);
  }

  private static double oneWay(PinholeCamera camera, float[] from, float[] to, Se3 T_to_from) {
    float[] moved = project(camera, from, T_to_from);
    double error = 0;
    long n = 0;
    for (int i = 0; i < to.length; i++) {
      if (to[i] > 0 && moved[i] > 0) {
        error += Math.abs(to[i] - moved[i]) / to[i];
        n++;
      }
    }
    return error / n;
  }

  /** Each point's depth in the other picture at the pixel it falls on; the nearest one wins. */
  private static float[] project(PinholeCamera camera, float[] depthM, Se3 T_to_from) {
    float[] moved = new float[depthM.length];
    Arrays.fill(moved, Float.NaN);
    int width = camera.width();
    double[] r = T_to_from.rotation();
    for (int i = 0; i < depthM.length; i++) {
      double d = depthM[i];
      if (!(d > 0)) {
        continue;
      }
      double x = (i % width - camera.cx()) / camera.fx() * d;
      double y = (i / width - camera.cy()) / camera.fy() * d;
      double z = r[6] * x + r[7] * y + r[8] * d + T_to_from.tz();
      if (!(z > 0)) {
        continue;
      }
      double px = r[0] * x + r[1] * y + r[2] * d + T_to_from.tx();
      double py = r[3] * x + r[4] * y + r[5] * d + T_to_from.ty();
      long u = Math.round(camera.fx() * px / z + camera.cx());
      long v = Math.round(camera.fy() * py / z + camera.cy());
      if (u >= 0 && v >= 0 && u < width && v < camera.height()) {
        int target = (int) (v * width + u);
        if (!(moved[target] <= z)) { // also where it is NaN
          moved[target] = (float) z;
        }
      }
    }
    return moved;
  }
}
