package dev.parallax.sim.eval;

/**
 * One figure of an evaluation.
 *
 * @param group what is judged: {@code odometry}, {@code depth}, ...
 * @param name the measure and its variant, e.g. {@code ATE Sim(3)}
 * @param value the figure; never NaN, a figure that cannot be had is a {@link EvalReport#missing}
 * @param unit unit of the value, {@code 1} where it has none
 * @param note what to hold it against, how many samples it rests on; may be empty
 */
public record Measure(String group, String name, double value, String unit, String note) {
  public Measure {
    if (Double.isNaN(value)) {
      throw new IllegalArgumentException(group + ": " + name + " has no value");
    }
  }
}
