package dev.parallax.nodes.cli;

import dev.parallax.nodes.runtime.LatencyHistogram;
import dev.parallax.nodes.runtime.SpeedTrial;
import dev.parallax.nodes.source.bag.ReadTrial;
import dev.parallax.perception.pipeline.StageTimings.Stage;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What {@code bench} prints. */
final class BenchTable {
  /**
   * The time a stage's data needs to pass once through memory at 40 GB/s, microseconds at 640x480:
   * grey 31 and pyramid with gradients 54, flow written 61, depth carried 138 and fused 138, scene
   * flow 215, map 38. The pose reads what is already in the cache.
   */
  private static final Map<Stage, Double> FLOOR_US_AT_VGA =
      new EnumMap<>(
          Map.of(
              Stage.PREPROCESS,
              31.0 + 54,
              Stage.FLOW,
              61.0,
              Stage.DEPTH,
              138.0 + 138,
              Stage.SCENE_FLOW,
              215.0,
              Stage.MAP,
              38.0,
              Stage.TOTAL,
              31.0 + 54 + 61 + 138 + 138 + 215 + 38));

  private static final double VGA_PIXELS = 640 * 480;

  private BenchTable() {}

  static String text(SpeedTrial.Result result, int width, int height) {
    double peerMs = result.plainFlow().quantileMs(0.5);
    double pixels = (double) width * height;
    StringBuilder out = new StringBuilder();
    append(
        out,
        "%dx%d, %d frames counted, %.0f %% of them published%n",
        width,
        height,
        result.frames(),
        100 * result.publishedShare());
    append(
        out,
        "%-14s %9s %9s %9s %9s %10s %9s%n",
        "stage",
        "p50 ms",
        "p99 ms",
        "p99.9 ms",
        "/ DIS",
        "floor ms",
        "/ floor");
    result.stages().forEach((stage, times) -> appendStage(out, stage, times, peerMs, pixels));
    append(
        out,
        "%-14s %9.2f %9.2f %9.2f %9.2f%n",
        "plain DIS",
        peerMs,
        result.plainFlow().quantileMs(0.99),
        result.plainFlow().quantileMs(0.999),
        1.0);
    append(out, "%nend to end     %.1f frames/s%n", result.framesPerSecond());
    append(out, "allocated      %.2f MB a frame%n", result.allocatedBytesPerFrame() / 1e6);
    return out.toString();
  }

  static String text(ReadTrial.Result read) {
    StringBuilder out = new StringBuilder();
    append(
        out,
        "%d messages, %.1f MB of them, the fastest round of each%n",
        read.messages(),
        read.messageBytes() / 1e6);
    append(out, "messages      %6.2f GB/s%n", read.bagBytesPerSecond() / 1e9);
    append(out, "plain file    %6.2f GB/s%n", read.plainBytesPerSecond() / 1e9);
    append(out, "ratio         %6.2f%n", read.bagBytesPerSecond() / read.plainBytesPerSecond());
    return out.toString();
  }

  private static void appendStage(
      StringBuilder out, Stage stage, LatencyHistogram times, double peerMs, double pixels) {
    if (times.count() == 0) {
      return;
    }
    double p50 = times.quantileMs(0.5);
    append(
        out,
        "%-14s %9.2f %9.2f %9.2f %9.2f",
        stage.name().toLowerCase(Locale.ROOT).replace('_', ' '),
        p50,
        times.quantileMs(0.99),
        times.quantileMs(0.999),
        p50 / peerMs);
    Double floorUs = FLOOR_US_AT_VGA.get(stage);
    if (floorUs != null) {
      double floorMs = floorUs / 1000 * pixels / VGA_PIXELS;
      append(out, " %10.3f %9.1f", floorMs, p50 / floorMs);
    }
    out.append(System.lineSeparator());
  }

  private static void append(StringBuilder out, String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values));
  }
}
