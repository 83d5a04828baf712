package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.TurnPrediction;
import dev.parallax.perception.geometry.Se3;
import org.jspecify.annotations.Nullable;

/**
 * What the picture before leaves to expect of the next one.
 *
 * @param depthM {@code [h w]} in the unit of the motion, as flow had it: what moves along with the
 *     camera goes on looking as far, and the path does not hang on what is believed of bodies
 * @param T_cur_prev the camera's motion to it
 * @param intervalS in which that was
 */
record LastStep(float[] depthM, Se3 T_cur_prev, double intervalS) {
  /**
   * The motion to the next picture if the camera goes on as it did.
   *
   * @param nextIntervalS to the next picture
   * @param turn how the camera turned since, where a gyroscope tells
   */
  Se3 next(double nextIntervalS, @Nullable TurnPrediction turn) {
    double[] twist = T_cur_prev.log();
    double share = intervalS > 0 ? nextIntervalS / intervalS : 1;
    for (int i = 0; i < twist.length; i++) {
      twist[i] *= share;
    }
    Se3 goingOn = Se3.exp(twist);
    // First the step, in the axes of the camera as it was, then the turn.
    return turn == null
        ? goingOn
        : turn.R_cur_prev().times(Se3.ofTranslation(goingOn.tx(), goingOn.ty(), goingOn.tz()));
  }
}
