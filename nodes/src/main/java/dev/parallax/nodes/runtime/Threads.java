package dev.parallax.nodes.runtime;

/** Waiting for threads that must have ended before anything is closed. */
final class Threads {
  private Threads() {}

  /** Joins; an interrupt meanwhile is kept for later. */
  static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
