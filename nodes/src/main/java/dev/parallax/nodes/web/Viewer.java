package dev.parallax.nodes.web;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * One open page and what it has been sent. A viewer gets the next message only once its last one is
 * written out and all but one are acknowledged as drawn, so that a slow browser costs frames and
 * never memory. Thread-safe.
 */
final class Viewer {
  private static final int MAX_UNACKNOWLEDGED = 2;

  private final Function<byte[], CompletionStage<?>> socket;
  private final Runnable onReady;
  private boolean writing;
  private int unacknowledged;

  // What was sent; feed thread only.
  long lastOrdinal;
  long notSent;
  int pathGeneration = -1;
  int pathCount;
  long mapVersion;
  long lastSentNanos;

  /**
   * @param socket writes one binary message; the stage completes when it is written out
   * @param onReady called from any thread when the viewer may have become ready
   */
  Viewer(Function<byte[], CompletionStage<?>> socket, Runnable onReady) {
    this.socket = socket;
    this.onReady = onReady;
  }

  synchronized boolean isReady() {
    return !writing && unacknowledged < MAX_UNACKNOWLEDGED;
  }

  /** Starts to write a message. A write that fails means that the page is gone: it stays busy. */
  void send(byte[] message) {
    synchronized (this) {
      writing = true;
      unacknowledged++;
    }
    socket
        .apply(message)
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                synchronized (this) {
                  writing = false;
                }
                onReady.run();
              }
            });
  }

  /** The page has drawn one message. */
  void acknowledge() {
    synchronized (this) {
      unacknowledged = Math.max(0, unacknowledged - 1);
    }
    onReady.run();
  }
}
