package dev.parallax.perception.pipeline;

/** Counts frames in vain until somebody should be told, once. Agent thread only. */
final class Patience {
  private final int frames;
  private int inVain;
  private boolean isOver;

  Patience(int frames) {
    this.frames = frames;
  }

  /** A frame brought nothing. */
  void spend() {
    inVain++;
  }

  /** What was waited for came: nobody needs to be told any more. */
  void end() {
    isOver = true;
  }

  /** Begins to count anew. */
  void renew() {
    inVain = 0;
  }

  /** Whether this is the moment to tell; true once at most. */
  boolean runsOut() {
    if (isOver || inVain < frames) {
      return false;
    }
    isOver = true;
    return true;
  }
}
