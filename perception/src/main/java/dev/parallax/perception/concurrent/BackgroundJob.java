package dev.parallax.perception.concurrent;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One job at a time on a thread of its own, begun and taken on the agent thread. When the answer is
 * taken is up to whoever begins it, so that it can be the same frame in every run.
 */
public final class BackgroundJob<T> implements AutoCloseable {
  private final ExecutorService worker;
  private @Nullable Future<T> pending;

  /**
   * @param name of the thread, which does not keep the process alive
   */
  public BackgroundJob(String name) {
    worker =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Begins a job.
   *
   * @throws IllegalStateException if the answer of the one before was not taken
   */
  public void begin(Callable<T> job) {
    if (pending != null) {
      throw new IllegalStateException("One job at a time");
    }
    pending = worker.submit(job);
  }

  /** Whether there is a job whose answer has not been taken. */
  public boolean isPending() {
    return pending != null;
  }

  /** Whether the answer is there. */
  public boolean isDone() {
    return pending != null && pending.isDone();
  }

  /**
   * Waits for the answer and takes it. An interrupt is kept for later: half a job is worse than a
   * late one.
   *
   * @throws IllegalStateException if there is no job, or it failed
   */
  public T take() {
    Future<T> job = pending;
    if (job == null) {
      throw new IllegalStateException("No job was begun");
    }
    pending = null;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return job.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("Work beside the frames failed", e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Gives up a job that is under way. */
  @Override
  public void close() {
    worker.shutdownNow();
  }
}
