package dev.parallax.sim.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything one evaluation found: figures, what could not be judged and why, and curves to draw.
 *
 * @param measures in the order they are to be read
 * @param missing one line each: what was not judged, and why
 * @param curves samples behind the figures, by name
 */
public record EvalReport(List<Measure> measures, List<String> missing, Map<String, Curve> curves) {
  public EvalReport {
    measures = List.copyOf(measures);
    missing = List.copyOf(missing);
    curves = new LinkedHashMap<>(curves); // keeps the order of drawing
  }

  /** Samples of one quantity against another; equal lengths. */
  public record Curve(String xLabel, String yLabel, double[] x, double[] y) {
    public Curve {
      if (x.length != y.length) {
        throw new IllegalArgumentException("%d x for %d y".formatted(x.length, y.length));
      }
    }
  }

  public boolean isEmpty() {
    return measures.isEmpty();
  }

  /** Collects a report. A value that is NaN becomes a missing line, so that nothing is lost. */
  public static final class Builder {
    private final List<Measure> measures = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private final Map<String, Curve> curves = new LinkedHashMap<>();

    public Builder add(String group, String name, double value, String unit, String note) {
      if (Double.isNaN(value)) {
        return missing(group, name + " has no value: " + (note.isEmpty() ? "no samples" : note));
      }
      measures.add(new Measure(group, name, value, unit, note));
      return this;
    }

    public Builder missing(String group, String why) {
      missing.add(group + ": " + why);
      return this;
    }

    public Builder curve(String name, Curve curve) {
      curves.put(name, curve);
      return this;
    }

    public EvalReport build() {
      return new EvalReport(measures, missing, curves);
    }
  }
}
