package dev.parallax.perception.frame;

import java.util.Set;
import java.util.stream.Collectors;

/**
 * How a pose was found, for those who judge it.
 *
 * @param firstGuess where the search began
 * @param fitConditioning how well the scene flow's rigid fit fixed the rotation, 0..2: over 0.02
 *     the fit may be believed, 0 where points on a line would be all there is; NaN if none was made
 * @param parallaxShare median parallax to the last keyframe over the picture's width
 * @param degeneracies what the motion or the view leaves open; several may hold at once
 */
public record TrackingFigures(
    FirstGuess firstGuess,
    double fitConditioning,
    double parallaxShare,
    Set<Degeneracy> degeneracies) {
  public TrackingFigures {
    degeneracies = Set.copyOf(degeneracies);
  }

  /** For people: the degeneracies, separated by semicolons; empty where there is none. */
  public String described() {
    return degeneracies.stream().sorted().map(Degeneracy::label).collect(Collectors.joining("; "));
  }

  /** No search took place. */
  public static TrackingFigures none() {
    return new TrackingFigures(FirstGuess.NONE, Double.NaN, 0, Set.of());
  }
}
