package dev.parallax.perception.depth;

import dev.parallax.perception.geometry.OrderStatistic;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Holds the unit of length to metres that a network guesses from single pictures. One guess is
 * worth little; how little, the guesses tell by how far they lie apart. Agent thread only.
 */
public final class PriorScale extends LogScaleBelief {
  /** Pictures whose median is the first word. */
  private static final int FIRST_VIEWS = 5;

  /** Neighbouring pictures are mistaken alike, however well they agree. */
  private static final double MIN_VIEW_STD = 0.1;

  /** So many pictures tell as much as one: a network errs alike while it sees the same place. */
  private static final double VIEWS_ALIKE = 10;

  /** How much of what is known of the guesses' spread one guess makes up. */
  private static final double LEARNING_RATE = 0.1;

  private final List<Double> first = new ArrayList<>(); // logarithms
  private double viewVariance = MIN_VIEW_STD * MIN_VIEW_STD;

  @Override
  public void rescale(double factor) {
    super.rescale(factor);
    first.replaceAll(log -> log - Math.log(factor));
  }

  @Override
  public void forget() {
    super.forget();
    first.clear();
  }

  @Override
  public void resume(double relativeStd) {
    super.resume(relativeStd);
    first.clear();
  }

  /**
   * Learns from one picture.
   *
   * @param metresInUnit how many metres the network takes the unit of length for
   * @return what all lengths are to be multiplied by; empty if they stay. {@link #rescale} is to be
   *     told what became of them
   */
  public OptionalDouble observe(double metresInUnit) {
    double log = Math.log(metresInUnit);
    if (!isKnown()) {
      first.add(log);
      return first.size() < FIRST_VIEWS ? OptionalDouble.empty() : beginWithMedian();
    }
    double off = log - Math.log(scale());
    viewVariance = atLeast((1 - LEARNING_RATE) * viewVariance + LEARNING_RATE * off * off);
    return follow(log, VIEWS_ALIKE * viewVariance);
  }

  private OptionalDouble beginWithMedian() {
    double[] logs = first.stream().mapToDouble(Double::doubleValue).toArray();
    double median = OrderStatistic.median(logs.clone(), logs.length);
    double[] apart = first.stream().mapToDouble(log -> Math.abs(log - median)).toArray();
    double std = OrderStatistic.STD_OVER_MAD * OrderStatistic.median(apart, apart.length);
    viewVariance = atLeast(std * std);
    first.clear();
    return begin(median, viewVariance);
  }

  private static double atLeast(double variance) {
    return Math.max(MIN_VIEW_STD * MIN_VIEW_STD, variance);
  }
}
