package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.TurnPrediction;
import dev.parallax.perception.geometry.Se3;
import org.jspecify.annotations.Nullable;

/**
 * What the picture before leaves to expect of the next one.
 *
 * @param depth in the unit of the motion, as the filter has it: the path does not hang on what is
 *     believed of bodies
 * @param T_cur_prev the camera's motion to it
 * @param intervalS in which that was
 */
record LastStep(DepthMap depth, Se3 T_cur_prev, double intervalS) {
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
