package dev.parallax.perception.pipeline;

import java.util.EnumMap;
import java.util.Map;

/** Nanoseconds that each stage took for one frame; a stage that did not run is absent. */
public record StageTimings(Map<Stage, Long> nanos) {
  /** The stages of the per-frame path, in order. */
  public enum Stage {
    PREPROCESS,
    FLOW,
    POSE,
    DEPTH,
    SCENE_FLOW,
    MAP,
    LOOP,
    TOTAL
  }

  public StageTimings {
    nanos = nanos.isEmpty() ? Map.of() : new EnumMap<>(nanos);
  }

  public static StageTimings none() {
    return new StageTimings(Map.of());
  }

  /** The same with so much more time for a stage, and in all. */
  public StageTimings longerBy(Stage stage, long moreNanos) {
    Map<Stage, Long> longer = new EnumMap<>(Stage.class);
    longer.putAll(nanos);
    longer.merge(stage, moreNanos, Long::sum);
    longer.merge(Stage.TOTAL, moreNanos, Long::sum);
    return new StageTimings(longer);
  }

  /** Milliseconds of a stage, NaN if it did not run. */
  public double millis(Stage stage) {
    Long value = nanos.get(stage);
    return value == null ? Double.NaN : value / 1e6;
  }
}
