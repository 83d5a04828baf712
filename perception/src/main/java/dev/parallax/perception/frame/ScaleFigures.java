package dev.parallax.perception.frame;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How surely the unit of length is told, beside by whom first of all ({@link PoseEstimate#scale}).
 *
 * @param std one standard deviation of the metric scale over the scale; NaN where none is told
 * @param besides the other sources that it is told by
 * @param leftOut sources that contradict the rest and are not used now
 */
public record ScaleFigures(double std, Set<ScaleSource> besides, Set<ScaleSource> leftOut) {
  public ScaleFigures {
    besides = Set.copyOf(besides);
    leftOut = Set.copyOf(leftOut);
  }

  /** Nothing is told. */
  public static ScaleFigures none() {
    return new ScaleFigures(Double.NaN, Set.of(), Set.of());
  }

  /** For people: {@code std 1.2 %, with camera height, without speed}; empty if none is told. */
  public String described() {
    String told = Double.isNaN(std) ? "" : String.format(Locale.ROOT, "std %.1f %%", 100 * std);
    if (!besides.isEmpty()) {
      told += ", with " + labels(besides);
    }
    return leftOut.isEmpty() ? told : told + ", without " + labels(leftOut) + ", which contradicts";
  }

  /** Names of sources, in the order of {@link ScaleSource}. */
  public static String labels(Set<ScaleSource> sources) {
    return sources.stream().sorted().map(ScaleSource::label).collect(Collectors.joining(" and "));
  }
}
