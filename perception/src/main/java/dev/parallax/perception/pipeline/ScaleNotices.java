package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.ScaleFigures;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.pipeline.ScaleConsensus.Verdict;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Tells a person who tells the scale, and who contradicts; each thing once. Agent thread only. */
final class ScaleNotices {
  /** Weighings in a row that a source contradicts before a person is told. */
  private static final int PATIENCE = 5;

  private final Consumer<Notice> notices;
  private final Set<ScaleSource> announced = EnumSet.noneOf(ScaleSource.class);
  private final Set<ScaleSource> beside = EnumSet.noneOf(ScaleSource.class);
  private final Set<ScaleSource> leftOut = EnumSet.noneOf(ScaleSource.class);
  private final Set<ScaleSource> returned = EnumSet.noneOf(ScaleSource.class);
  private final Map<ScaleSource, Integer> timesWithout = new EnumMap<>(ScaleSource.class);
  private final Map<ScaleSource, Integer> inARow = new EnumMap<>(ScaleSource.class);

  ScaleNotices(Consumer<Notice> notices) {
    this.notices = notices;
  }

  /** Sources were weighed. */
  void tell(Verdict agreed, List<ScaleProposer> proposers) {
    for (ScaleProposer p : proposers) {
      ScaleSource source = p.source();
      Double apart = agreed.apart().get(source);
      if (apart != null) {
        timesWithout.merge(source, 1, Integer::sum);
        if (inARow.merge(source, 1, Integer::sum) == PATIENCE) {
          warn(source, apart, agreed);
        }
      } else if (agreed.winner() == source) {
        announce(p, agreed);
      } else if (agreed.used().contains(source) && beside.add(source)) {
        notices.accept(
            Notice.info(
                String.format(
                    Locale.ROOT,
                    "Scale: %s tells it too (std %.1f %% together with %s)",
                    source.label(),
                    100 * agreed.std(),
                    others(agreed, source))));
      }
      if (apart == null && isBack(source)) {
        notices.accept(
            Notice.info(
                "Scale: %s agrees again after %d times that it was left out"
                    .formatted(source.label(), timesWithout.getOrDefault(source, 0))));
      }
    }
  }

  /** Whether a person who was told that a source is left out is now to be told that it is back. */
  private boolean isBack(ScaleSource source) {
    inARow.remove(source);
    return leftOut.contains(source) && returned.add(source);
  }

  private void announce(ScaleProposer winner, Verdict agreed) {
    if (announced.add(winner.source())) {
      beside.add(winner.source());
      notices.accept(Notice.info("Scale: " + winner.announced(agreed.std())));
    }
  }

  private void warn(ScaleSource source, double apart, Verdict agreed) {
    if (leftOut.add(source)) {
      notices.accept(
          Notice.warning(
              String.format(
                  Locale.ROOT,
                  "Scale: %s contradicts %s by %+.0f %%, more than their stds allow; it is left out while it does",
                  source.label(),
                  ScaleFigures.labels(agreed.used()),
                  100 * (apart - 1))));
    }
  }

  private static String others(Verdict agreed, ScaleSource source) {
    Set<ScaleSource> others = EnumSet.copyOf(agreed.used());
    others.remove(source);
    return ScaleFigures.labels(others);
  }

  /**
   * A source tells nothing, or nothing that fits.
   *
   * @param isSettled whether another one tells the scale
   */
  void complain(Notice complaint, boolean isSettled) {
    String stays = isSettled ? "" : "; lengths stay relative and the map empty";
    notices.accept(complaint.withMessage(complaint.message() + stays));
  }
}
