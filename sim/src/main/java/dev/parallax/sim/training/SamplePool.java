package dev.parallax.sim.training;

import dev.parallax.sim.scene.TrainingViews;
import java.util.Random;
import java.util.function.IntConsumer;

/**
 * The newest views, in memory: drawing one costs about as much as learning from it once, so each is
 * learned from several times before it makes room. What it holds depends on how many were drawn so
 * far only, so training can go on where it stopped.
 */
final class SamplePool {
  private final TrainingViews views;
  private final TrainingSample[] ring;
  private long next;

  /**
   * @param drawn how many views have been drawn by now; the last of them are drawn again
   * @param progress told after each view how many are there
   */
  SamplePool(TrainingViews views, int capacity, long drawn, IntConsumer progress) {
    if (drawn < 1 || capacity < 1) {
      throw new IllegalArgumentException(
          "A pool holds at least one view, got %d of %d".formatted(drawn, capacity));
    }
    this.views = views;
    ring = new TrainingSample[capacity];
    next = Math.max(0, drawn - capacity);
    for (int made = 1; next < drawn; made++) {
      add(1);
      progress.accept(made);
    }
  }

  /** Draws new views; each takes the place of the one that is a whole pool older. */
  void add(int count) {
    for (int i = 0; i < count; i++) {
      ring[(int) (next % ring.length)] = TrainingSample.of(views.view(next));
      next++;
    }
  }

  TrainingSample any(Random random) {
    TrainingSample sample = ring[random.nextInt((int) Math.min(next, ring.length))];
    return random.nextBoolean() ? sample.mirrored() : sample;
  }
}
