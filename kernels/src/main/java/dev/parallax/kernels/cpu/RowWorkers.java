package dev.parallax.kernels.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Splits the rows of a picture among threads; every row's result is its own. */
final class RowWorkers {
  /** So that a thread that comes late, on a busy machine, finds less left to do. */
  private static final int PARTS_A_THREAD = 3;

  private final ExecutorService executor;
  private final int threads;

  /** Work on the rows {@code [begin, end)}. */
  interface Rows {
    void run(int begin, int end);
  }

  RowWorkers(ExecutorService executor, int threads) {
    this.executor = executor;
    this.threads = threads;
  }

  void run(int rows, Rows work) {
    if (threads == 1) {
      work.run(0, rows);
      return;
    }
    int parts = PARTS_A_THREAD * threads;
    List<Future<?>> running = new ArrayList<>();
    for (int i = 1; i < parts; i++) {
      int begin = rows * i / parts;
      int end = rows * (i + 1) / parts;
      running.add(executor.submit(() -> work.run(begin, end)));
    }
    try {
      work.run(0, rows / parts);
    } finally {
      awaitAll(running);
    }
  }

  /**
   * Returns once every task is through, also when the thread is interrupted meanwhile: tasks write
   * into arrays that the caller is about to reuse. What no helper has begun, the caller does.
   *
   * @throws IllegalStateException if a task failed
   */
  static void awaitAll(List<Future<?>> running) {
    boolean interrupted = Thread.interrupted();
    for (int i = running.size() - 1; i >= 0; i--) {
      if (running.get(i) instanceof Runnable task) {
        task.run(); // nothing if it has begun or is done
      }
    }
    IllegalStateException failure = null;
    for (Future<?> task : running) {
      boolean done = false;
      while (!done) {
        try {
          task.get();
          done = true;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          failure = new IllegalStateException("Kernel failed: " + e.getCause(), e.getCause());
          done = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw failure;
    }
  }
}
