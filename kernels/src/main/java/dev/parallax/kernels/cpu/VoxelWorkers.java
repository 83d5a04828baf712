package dev.parallax.kernels.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Splits loops over independent items between the calling thread and a few helpers. */
final class VoxelWorkers implements AutoCloseable {
  /** Work on the items {@code from..to-1}; may run on any thread, in any order. */
  @FunctionalInterface
  interface RangeTask {
    void run(int from, int to);
  }

  private final ExecutorService[] helpers;

  /**
   * @param threads how many threads work, the caller's among them
   */
  VoxelWorkers(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("Threads must be at least 1, got " + threads);
    }
    helpers = new ExecutorService[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = Executors.newSingleThreadExecutor(VoxelWorkers::daemon);
    }
  }

  /** Returns once every item was worked on; an exception of the task is thrown here. */
  void forRanges(int count, int chunk, RangeTask task) {
    if (helpers.length == 0 || count <= chunk) {
      task.run(0, count);
      return;
    }
    AtomicInteger next = new AtomicInteger();
    Runnable loop = () -> drain(next, count, chunk, task);
    List<Future<?>> running = new ArrayList<>();
    for (ExecutorService helper : helpers) {
      running.add(helper.submit(loop));
    }
    try {
      loop.run();
    } finally {
      RowWorkers.awaitAll(running);
    }
  }

  private static void drain(AtomicInteger next, int count, int chunk, RangeTask task) {
    for (int from = next.getAndAdd(chunk); from < count; from = next.getAndAdd(chunk)) {
      task.run(from, Math.min(count, from + chunk));
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "voxel-worker");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    for (ExecutorService helper : helpers) {
      helper.shutdown();
    }
  }
}
