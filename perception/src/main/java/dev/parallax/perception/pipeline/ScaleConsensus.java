package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.ScaleFigures;
import dev.parallax.perception.frame.ScaleSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes one metric scale of what several sources say: the mean of their logarithms by information
 * (the inverse of variance), without those that contradict the others by more than both their stds
 * allow. Of two that contradict one another the surer is kept: who is wrong nobody knows then. A
 * depth sensor's metres are kept always, since depth is fused as it is. Agent thread only.
 */
final class ScaleConsensus {
  /** A source this many stds from the others is left out, and is back within so many. */
  private static final double GATE_SIGMAS = 3;

  private static final double RETURN_SIGMAS = 2;

  /** Others that agree hardly better without one source than without another tell neither. */
  private static final double HARDLY_BETTER = 1;

  /** Another source is called the first only once it tells clearly more. */
  private static final double MORE_INFORMATION = 1.25;

  private final Set<ScaleSource> leftOut = EnumSet.noneOf(ScaleSource.class);
  private @Nullable ScaleSource winner;

  /**
   * What a source says of the scale.
   *
   * @param factor metres in the unit of length as it stands
   * @param std one standard deviation over it, but for the sensor's own
   * @param ownStd what the sensor's own scale may be off
   */
  record Voice(ScaleSource source, double factor, double std, double ownStd) {
    double variance() {
      return std * std + ownStd * ownStd;
    }

    boolean isMeasured() {
      return source == ScaleSource.SENSOR_DEPTH;
    }

    double log() {
      return Math.log(factor);
    }
  }

  /**
   * What was agreed on.
   *
   * @param factor metres in the unit of length as it stands
   * @param std of that, sensors' own included, over it
   * @param lastingStd the same without the sensors' own
   * @param winner who tells most
   * @param apart how far each source that is left out is from the others, as a factor
   */
  record Verdict(
      double factor,
      double std,
      double lastingStd,
      ScaleSource winner,
      Set<ScaleSource> used,
      Map<ScaleSource, Double> apart) {
    ScaleFigures figures() {
      Set<ScaleSource> besides = EnumSet.copyOf(used);
      besides.remove(winner);
      return new ScaleFigures(std, besides, apart.keySet());
    }
  }

  /** A mean and its variance. */
  private record Mean(double log, double variance) {
    static Mean of(List<Voice> voices) {
      double information = 0;
      double sum = 0;
      for (Voice voice : voices) {
        information += 1 / voice.variance();
        sum += voice.log() / voice.variance();
      }
      return new Mean(sum / information, 1 / information);
    }

    /** Squared distance of a source that is not in this mean, in variances of both. */
    double distance(Voice voice) {
      double apart = voice.log() - log;
      return apart * apart / (variance + voice.variance());
    }
  }

  /** Begins anew. */
  void forget() {
    leftOut.clear();
    winner = null;
  }

  /**
   * @param voices of different sources, at least one
   */
  Verdict judge(List<Voice> voices) {
    List<Voice> used = new ArrayList<>(voices);
    while (used.size() > 1 && isContradictory(used)) {
      used.remove(mostContradicting(used));
    }
    Map<ScaleSource, Double> apart = new EnumMap<>(ScaleSource.class);
    Mean mean = Mean.of(used);
    for (Voice voice : voices) {
      if (!used.contains(voice)) {
        apart.put(voice.source, Math.exp(voice.log() - mean.log));
      }
    }
    leftOut.clear();
    leftOut.addAll(apart.keySet());
    return verdict(used, mean, apart);
  }

  private Verdict verdict(List<Voice> used, Mean mean, Map<ScaleSource, Double> apart) {
    Set<ScaleSource> sources = EnumSet.noneOf(ScaleSource.class);
    double lasting = 0;
    for (Voice voice : used) {
      sources.add(voice.source);
      double weight = mean.variance / voice.variance();
      lasting += weight * weight * voice.std * voice.std;
    }
    ScaleSource first = first(used);
    winner = first;
    if (used.size() == 1) { // as it is, to the bit
      Voice only = used.get(0);
      return new Verdict(
          only.factor, Math.hypot(only.std, only.ownStd), only.std, first, sources, apart);
    }
    return new Verdict(
        Math.exp(mean.log), Math.sqrt(mean.variance), Math.sqrt(lasting), first, sources, apart);
  }

  private ScaleSource first(List<Voice> used) {
    Voice surest = used.get(0);
    for (Voice voice : used) {
      if (voice.isMeasured()) {
        return voice.source;
      }
      surest = voice.variance() < surest.variance() ? voice : surest;
    }
    for (Voice voice : used) {
      if (voice.source == winner && voice.variance() < MORE_INFORMATION * surest.variance()) {
        return winner;
      }
    }
    return surest.source;
  }

  private boolean isContradictory(List<Voice> voices) {
    for (Voice voice : voices) {
      double sigmas = leftOut.contains(voice.source) ? RETURN_SIGMAS : GATE_SIGMAS;
      if (Mean.of(without(voices, voice)).distance(voice) > sigmas * sigmas) {
        return true;
      }
    }
    return false;
  }

  /** The one without which the others agree best; of several such, the least sure. */
  private static Voice mostContradicting(List<Voice> voices) {
    List<Voice> doubtful = voices.stream().filter(voice -> !voice.isMeasured()).toList();
    double best =
        doubtful.stream().mapToDouble(v -> disagreement(without(voices, v))).min().orElseThrow();
    return doubtful.stream()
        .filter(v -> disagreement(without(voices, v)) <= best + HARDLY_BETTER)
        .max(Comparator.comparingDouble(Voice::variance))
        .orElseThrow();
  }

  /** Squared distances of sources from their mean, each in its own variance. */
  private static double disagreement(List<Voice> voices) {
    Mean mean = Mean.of(voices);
    double sum = 0;
    for (Voice voice : voices) {
      double apart = voice.log() - mean.log;
      sum += apart * apart / voice.variance();
    }
    return sum;
  }

  private static List<Voice> without(List<Voice> voices, Voice left) {
    return voices.stream().filter(voice -> voice != left).toList();
  }
}
