package dev.parallax.nodes.cli;

import dev.parallax.nodes.runtime.PlaybackControl;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Works the playback by keys: space pauses and resumes, s lets one frame through, + and - change
 * the rate. Looks for keys now and then and never waits for one, so that it ends at once.
 */
final class PlaybackKeys implements AutoCloseable {
  private static final long LOOK_EVERY_MS = 50;

  private final InputStream keys;
  private final BooleanSupplier mayRead;
  private final PlaybackControl control;
  private final Consumer<String> told;
  private final Thread thread = new Thread(this::look, "keyboard");
  private volatile boolean closing;

  /**
   * Starts to look.
   *
   * @param mayRead asked before each look: a process in the background must not read its terminal
   * @param told what each key did
   */
  PlaybackKeys(
      InputStream keys, BooleanSupplier mayRead, PlaybackControl control, Consumer<String> told) {
    this.keys = keys;
    this.mayRead = mayRead;
    this.control = control;
    this.told = told;
    thread.setDaemon(true);
    thread.start();
  }

  /** On a terminal; null where there is none. */
  static @Nullable PlaybackKeys on(
      @Nullable Terminal terminal, PlaybackControl control, Consumer<String> told) {
    return terminal == null
        ? null
        : new PlaybackKeys(System.in, Terminal::isForeground, control, told);
  }

  @Override
  public void close() {
    closing = true;
    try {
      thread.join(10 * LOOK_EVERY_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      while (!closing) {
        if (mayRead.getAsBoolean() && keys.available() > 0) {
          press(keys.read());
        } else {
          Thread.sleep(LOOK_EVERY_MS);
        }
      }
    } catch (IOException e) {
      told.accept("the keyboard cannot be read any more (" + e.getMessage() + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void press(int key) {
    switch (key) {
      case ' ' -> control.togglePause();
      case 's' -> control.step();
      case '+' -> control.faster();
      case '-' -> control.slower();
      default -> {
        return;
      }
    }
    PlaybackControl.State state = control.state();
    String rate =
        state.rate() == PlaybackControl.AS_FAST_AS_POSSIBLE
            ? "as fast as possible"
            : String.format(Locale.ROOT, "at %.2f times the recording's speed", state.rate());
    told.accept(state.paused() ? "paused; space resumes, s steps" : "playing " + rate);
  }
}
