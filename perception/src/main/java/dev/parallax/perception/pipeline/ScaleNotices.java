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
  private final Map<ScaleSource, Standing> standings = new EnumMap<>(ScaleSource.class);

  /** How a source stands to the others, and what a person was told of it. */
  private static final class Standing {
    private int timesLeftOut;
    private int inARow;
    private boolean announcedFirst;
    private boolean announced;
    private boolean leftOutTold;
    private boolean returnTold;

    /** It contradicts; whether that is to be told. */
    boolean contradicts() {
      timesLeftOut++;
      boolean tell = ++inARow == PATIENCE && !leftOutTold;
      leftOutTold |= tell;
      return tell;
    }

    /** It does not; whether it is to be told that it is back. */
    boolean fits() {
      inARow = 0;
      boolean tell = leftOutTold && !returnTold;
      returnTold |= tell;
      return tell;
    }

    /** It is the first of those that tell the scale; whether that is to be told. */
    boolean isFirst() {
      boolean tell = !announcedFirst;
      announcedFirst = true;
      announced = true;
      return tell;
    }

    /** It tells the scale beside another; whether that is to be told. */
    boolean isBeside() {
      boolean tell = !announced;
      announced = true;
      return tell;
    }
  }

  ScaleNotices(Consumer<Notice> notices) {
    this.notices = notices;
  }

  /** Sources were weighed. */
  void tell(Verdict agreed, List<ScaleProposer> proposers) {
    for (ScaleProposer p : proposers) {
      ScaleSource source = p.source();
      Standing standing = standings.computeIfAbsent(source, s -> new Standing());
      Double apart = agreed.apart().get(source);
      if (apart != null) {
        if (standing.contradicts()) {
          warn(source, apart, agreed);
        }
        continue;
      }
      if (agreed.winner() == source) {
        if (standing.isFirst()) {
          notices.accept(Notice.info("Scale: " + p.announced(agreed.std())));
        }
      } else if (agreed.used().contains(source) && standing.isBeside()) {
        notices.accept(
            Notice.info(
                String.format(
                    Locale.ROOT,
                    "Scale: %s tells it too (std %.1f %% together with %s)",
                    source.label(),
                    100 * agreed.std(),
                    others(agreed, source))));
      }
      if (standing.fits()) {
        notices.accept(
            Notice.info(
                "Scale: %s agrees again after %d times that it was left out"
                    .formatted(source.label(), standing.timesLeftOut)));
      }
    }
  }

  private void warn(ScaleSource source, double apart, Verdict agreed) {
    notices.accept(
        Notice.warning(
            String.format(
                Locale.ROOT,
                "Scale: %s contradicts %s by %+.0f %%, more than their stds allow; it is left out while it does",
                source.label(),
                ScaleFigures.labels(agreed.used()),
                100 * (apart - 1))));
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
