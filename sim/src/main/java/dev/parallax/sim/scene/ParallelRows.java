package dev.parallax.sim.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Runs independent rows of work on a fixed number of threads, the caller being one of them. One
 * caller at a time.
 */
final class ParallelRows implements AutoCloseable {
  private final int threads;
  private final ThreadPoolExecutor helpers;

  ParallelRows(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("Needs at least one thread, got " + threads);
    }
    this.threads = threads;
    int workers = Math.max(1, threads - 1);
    helpers =
        new ThreadPoolExecutor(
            workers,
            workers,
            2,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            ParallelRows::daemon);
    // Idle helpers end by themselves, so a renderer that is never closed holds no thread.
    helpers.allowCoreThreadTimeOut(true);
  }

  /** Calls {@code work} once for every row in [0, rows), in any order, and waits for all. */
  void forEach(int rows, IntConsumer work) {
    AtomicInteger next = new AtomicInteger();
    Runnable drain =
        () -> {
          for (int row = next.getAndIncrement(); row < rows; row = next.getAndIncrement()) {
            work.accept(row);
          }
        };
    List<Future<?>> others = new ArrayList<>();
    for (int i = 1; i < threads; i++) {
      others.add(helpers.submit(drain));
    }
    drain.run();
    for (Future<?> other : others) {
      await(other);
    }
  }

  private static void await(Future<?> future) {
    try {
      future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while rendering", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("Rendering failed", e.getCause());
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "sim-render");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    helpers.shutdown();
  }
}
