package dev.parallax.sim.training;

/** Hears how a training goes on. Called on its thread. */
public interface TrainingProgress {
  void drawing(int views, int of);

  /**
   * @param loss mean since the last call
   */
  void learned(long step, long of, double loss);

  void judged(long step, TrainingFigures figures);
}
