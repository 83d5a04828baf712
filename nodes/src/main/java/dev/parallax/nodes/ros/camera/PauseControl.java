package dev.parallax.nodes.ros.camera;

/** Whether frames are worked on, one by one if asked. Any thread. */
public final class PauseControl {
  private boolean paused;
  private int steps;

  public synchronized void pause() {
    paused = true;
    steps = 0;
  }

  public synchronized void resume() {
    paused = false;
  }

  /** Lets one frame through; pauses first if need be. */
  public synchronized void step() {
    paused = true;
    steps++;
  }

  public synchronized boolean isPaused() {
    return paused;
  }

  /** Whether the frame that has come is to be worked on. */
  synchronized boolean admits() {
    if (!paused) {
      return true;
    }
    if (steps > 0) {
      steps--;
      return true;
    }
    return false;
  }
}
