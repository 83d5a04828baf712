package dev.parallax.sim.training;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.sim.scene.TrainingView;

/**
 * A view as it is kept in memory between the steps that learn from it, mirrored if wanted.
 *
 * @param grey8 {@code [H W]}
 * @param inverseDepth {@code [H W]} 1/m, within {@link #NEAREST} and {@link #FARTHEST}; sky counts
 *     as the farthest
 */
record TrainingSample(PinholeCamera camera, byte[] grey8, float[] inverseDepth) {
  /** 0.15 m. */
  static final float NEAREST = 1 / 0.15f;

  /** 100 m. */
  static final float FARTHEST = 0.01f;

  static TrainingSample of(TrainingView view) {
    float[] inverse = new float[view.depthM().length];
    for (int i = 0; i < inverse.length; i++) {
      inverse[i] = Math.max(FARTHEST, Math.min(NEAREST, 1 / view.depthM()[i]));
    }
    return new TrainingSample(view.camera(), view.grey8(), inverse);
  }

  /**
   * The pixel that an answer's pixel is held against: of the four under it, one on the diagonal in
   * turn, so that no depth between two surfaces is made up.
   */
  int answered(int answerPixel) {
    int width = camera.width();
    int u = answerPixel % (width / 2);
    int v = answerPixel / (width / 2);
    int upperLeft = 2 * v * width + 2 * u;
    return (u + v) % 2 == 0 ? upperLeft : upperLeft + width + 1;
  }

  /** The world in a mirror: left and right change places. */
  TrainingSample mirrored() {
    int width = camera.width();
    byte[] grey = new byte[grey8.length];
    float[] inverse = new float[grey8.length];
    for (int i = 0; i < grey.length; i++) {
      int from = i / width * width + width - 1 - i % width;
      grey[i] = grey8[from];
      inverse[i] = inverseDepth[from];
    }
    PinholeCamera other =
        new PinholeCamera(
            width, camera.height(), camera.fx(), camera.fy(), width - 1 - camera.cx(), camera.cy());
    return new TrainingSample(other, grey, inverse);
  }
}
