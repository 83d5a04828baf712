package dev.parallax.nodes.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Shows how far a command is, on standard error: on a terminal a bar that redraws itself with rate
 * and time left, elsewhere a line now and then. Safe for several threads.
 *
 * <pre>
 * replay  [=========>          ]  47 %  235/500 frames  31.2/s  0:09 left
 * </pre>
 */
public final class ProgressBar implements AutoCloseable {
  private static final long REDRAW_NS = 100_000_000L;
  private static final long LINE_NS = 5_000_000_000L;
  private static final int BAR_WIDTH = 24;

  private final String label;
  private final String unit;
  private final OptionalLong total;
  private final PrintStream out;
  private final boolean terminal;
  private final LongSupplier nanoClock;
  private final long startNs;

  private long done;
  private long lastShownNs;
  private boolean barOnScreen;
  private boolean closed;

  /**
   * @param label what is being done, one word
   * @param unit what is counted, in the plural
   * @param total how many there will be, where known
   * @param terminal whether {@code out} is a terminal that can redraw a line
   */
  public ProgressBar(
      String label,
      String unit,
      OptionalLong total,
      PrintStream out,
      boolean terminal,
      LongSupplier nanoClock) {
    this.label = label;
    this.unit = unit;
    this.total = total;
    this.out = out;
    this.terminal = terminal;
    this.nanoClock = nanoClock;
    this.startNs = nanoClock.getAsLong();
    this.lastShownNs = startNs;
  }

  /** A bar on standard error. */
  public static ProgressBar onStandardError(String label, String unit, OptionalLong total) {
    return new ProgressBar(label, unit, total, System.err, isTerminal(), System::nanoTime);
  }

  /** Tells how many are done by now. */
  public synchronized void update(long doneSoFar) {
    done = doneSoFar;
    long now = nanoClock.getAsLong();
    if (!closed && now - lastShownNs >= (terminal ? REDRAW_NS : LINE_NS)) {
      lastShownNs = now;
      show(now);
    }
  }

  /** Prints a line of its own without tearing the bar. */
  public synchronized void println(String line) {
    eraseBar();
    out.println(line);
    out.flush();
  }

  /** Shows the final count and leaves it on screen. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    eraseBar();
    out.println(line(nanoClock.getAsLong()));
    out.flush();
  }

  private void show(long nowNs) {
    if (terminal) {
      out.print("\r\u001b[K" + line(nowNs));
      barOnScreen = true;
    } else {
      out.println(line(nowNs));
    }
    out.flush();
  }

  private void eraseBar() {
    if (barOnScreen) {
      out.print("\r\u001b[K");
      barOnScreen = false;
    }
  }

  private String line(long nowNs) {
    double elapsedS = (nowNs - startNs) / 1e9;
    double ratePerS = elapsedS > 0 ? done / elapsedS : 0;
    StringBuilder line = new StringBuilder(label).append("  ");
    if (total.isPresent() && total.getAsLong() > 0) {
      double share = Math.min(1, (double) done / total.getAsLong());
      if (terminal) {
        line.append(bar(share)).append("  ");
      }
      line.append(
          String.format(
              Locale.ROOT, "%3d %%  %d/%d %s", (int) (100 * share), done, total.getAsLong(), unit));
    } else {
      line.append(done).append(' ').append(unit);
    }
    line.append(String.format(Locale.ROOT, "  %.1f/s", ratePerS));
    if (closed) {
      line.append("  in ").append(clock(elapsedS));
    } else if (total.isPresent() && ratePerS > 0) {
      line.append("  ").append(clock((total.getAsLong() - done) / ratePerS)).append(" left");
    }
    return line.toString();
  }

  private static String bar(double share) {
    int filled = (int) Math.round(share * BAR_WIDTH);
    String head = filled < BAR_WIDTH ? ">" : "";
    return "[" + "=".repeat(filled) + head + " ".repeat(BAR_WIDTH - filled - head.length()) + "]";
  }

  private static String clock(double seconds) {
    long s = Math.max(0, Math.round(seconds));
    return s >= 3600
        ? String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60)
        : String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60);
  }

  /**
   * The start script tells through {@code parallax.terminal} whether standard error is a terminal:
   * Java 17 itself only knows about standard input and output.
   */
  private static boolean isTerminal() {
    String told = System.getProperty("parallax.terminal");
    return told != null ? Boolean.parseBoolean(told) : System.console() != null;
  }
}
