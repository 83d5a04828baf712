package dev.parallax.perception.sceneflow;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;

/**
 * Writes what is believed of a body into the pictures: its depth, and for each of its points the
 * body's velocity, changed across the view by what the point's own flow says beyond its noise.
 */
final class BodyVelocity {
  /**
   * What no number of pictures makes surer, relative: a body is thick, the ground uneven, and the
   * same foot is taken for the same place again and again.
   */
  private static final double COMMON_STD = 0.2;

  /** Less sure depth is not published. */
  private static final double MAX_RELATIVE_STD = 0.5;

  /** Noise of flow on a body that is not stiff, picture pixels. */
  private static final double FLOW_STD_PX = 0.7;

  private final DepthGrid grid;
  private final float[] slopeX;
  private final float[] slopeY;
  private final double[] before = new double[2];

  BodyVelocity(DepthGrid grid) {
    this.grid = grid;
    slopeX = grid.columnSlopes();
    slopeY = grid.rowSlopes();
  }

  /** What the pictures of one frame say: flow and camera motion. */
  record Step(float[] backward, Se3 T_cur_prev, double intervalS) {}

  /**
   * The slopes of the ray on which a point was seen before, turned into the present axes.
   *
   * @param i its grid pixel
   * @return false where flow does not tell
   */
  boolean rayBefore(int i, Step step, double[] slopes) {
    Se3 t = step.T_cur_prev;
    double u = grid.stride() * step.backward[2 * i];
    double v = grid.stride() * step.backward[2 * i + 1];
    double x = slopeX[i % grid.width()] + u / grid.camera().fx();
    double y = slopeY[i / grid.width()] + v / grid.camera().fy();
    double z = t.r(2, 0) * x + t.r(2, 1) * y + t.r(2, 2);
    slopes[0] = (t.r(0, 0) * x + t.r(0, 1) * y + t.r(0, 2)) / z;
    slopes[1] = (t.r(1, 0) * x + t.r(1, 1) * y + t.r(1, 2)) / z;
    return z > 0.1 && Double.isFinite(slopes[0] + slopes[1]);
  }

  /**
   * Writes one pixel of a body; depth that is not sure and velocity that rests on it are NaN.
   *
   * @param i the grid pixel
   * @param keepsDepth whether depth was measured by a sensor and stays as it is
   */
  void write(
      int i,
      BodyState body,
      Step step,
      boolean keepsDepth,
      MovingMask mask,
      DepthMap depth,
      SceneFlowField field) {
    double own = body.relativeStd();
    double relative = Math.sqrt(own * own + COMMON_STD * COMMON_STD);
    boolean isKnown = relative < MAX_RELATIVE_STD;
    mask.labels()[i] = MovingMask.MOVING;
    if (!keepsDepth) {
      depth.depthM()[i] = isKnown ? (float) body.depth() : Float.NaN;
      depth.stdM()[i] = isKnown ? (float) (relative * body.depth()) : Float.NaN;
    }
    writeVelocity(i, body, step, isKnown, field.velocityMps());
  }

  /** Erases one pixel: its flow is that of what does not lie there. */
  void erase(int i, boolean keepsDepth, DepthMap depth, SceneFlowField field) {
    if (!keepsDepth) {
      depth.depthM()[i] = depth.stdM()[i] = Float.NaN;
    }
    Arrays.fill(field.velocityMps(), 3 * i, 3 * i + 3, Float.NaN);
  }

  private void writeVelocity(int i, BodyState body, Step step, boolean isKnown, float[] out) {
    if (!isKnown) {
      out[3 * i] = out[3 * i + 1] = out[3 * i + 2] = Float.NaN;
      return;
    }
    double z = body.depth();
    double[] v = body.velocity();
    double dx = 0;
    double dy = 0;
    double share = 0;
    if (rayBefore(i, step, before)) {
      double kept = z - v[2] * step.intervalS - step.T_cur_prev.tz(); // its depth before
      dx = (z * slopeX[i % grid.width()] - kept * before[0] - step.T_cur_prev.tx());
      dy = (z * slopeY[i / grid.width()] - kept * before[1] - step.T_cur_prev.ty());
      dx = dx / step.intervalS - v[0];
      dy = dy / step.intervalS - v[1];
      double noise = FLOW_STD_PX / grid.camera().fx() * z / step.intervalS;
      double squared = 0.5 * (dx * dx + dy * dy);
      share = squared > 0 ? squared / (squared + noise * noise) : 0;
    }
    out[3 * i] = (float) (v[0] + share * dx);
    out[3 * i + 1] = (float) (v[1] + share * dy);
    out[3 * i + 2] = (float) v[2];
  }
}
