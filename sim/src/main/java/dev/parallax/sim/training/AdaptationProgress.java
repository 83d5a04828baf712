package dev.parallax.sim.training;

/** Hears how an adaptation goes on. Called on its thread. */
public interface AdaptationProgress {
  /** Neighbours of the recording's frames are looked for, and views are drawn. */
  void preparing(long done, long of);

  void learned(long step, long of, double loss);
}
