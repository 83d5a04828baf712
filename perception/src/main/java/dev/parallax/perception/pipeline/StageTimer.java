package dev.parallax.perception.pipeline;

import dev.parallax.perception.pipeline.StageTimings.Stage;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Measures the stages of one frame one after the other. */
final class StageTimer {
  private final LongSupplier nanoClock;
  private final long startNs;
  private final Map<Stage, Long> nanos = new EnumMap<>(Stage.class);
  private long lastNs;

  StageTimer(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    startNs = nanoClock.getAsLong();
    lastNs = startNs;
  }

  /** Books the time since the last call on a stage. */
  void finished(Stage stage) {
    long now = nanoClock.getAsLong();
    nanos.merge(stage, now - lastNs, Long::sum);
    lastNs = now;
  }

  StageTimings stop() {
    nanos.put(Stage.TOTAL, nanoClock.getAsLong() - startNs);
    return new StageTimings(nanos);
  }
}
