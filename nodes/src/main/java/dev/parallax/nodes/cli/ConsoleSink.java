package dev.parallax.nodes.cli;

import dev.parallax.nodes.runtime.OutcomeSink;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Skipped;
import dev.parallax.perception.pipeline.Notice;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Moves the progress bar and prints what a person should be told, each thing once. */
final class ConsoleSink implements OutcomeSink {
  /** Refused frames named one by one before only their count is told. */
  private static final int REFUSALS_NAMED = 3;

  private final ProgressBar bar;
  private final Set<String> told = new HashSet<>();
  private long done;
  private long refusals;
  private volatile @Nullable String firstRefusal;

  ConsoleSink(ProgressBar bar) {
    this.bar = bar;
  }

  @Override
  public String name() {
    return "console";
  }

  @Override
  public void accept(SourceItem item, FrameOutcome outcome) {
    bar.update(++done);
    if (outcome instanceof Skipped s && s.reason() == Skipped.Reason.REFUSED) {
      if (firstRefusal == null) {
        firstRefusal = s.detail();
      }
      if (++refusals <= REFUSALS_NAMED) {
        bar.println("refused: " + s.detail());
      } else if (refusals == REFUSALS_NAMED + 1) {
        bar.println("refused: more pictures; frames.csv and the summary account for all");
      }
    }
  }

  @Override
  public void accept(Notice notice) {
    if (told.add(notice.message())) {
      boolean warns = notice.severity() == Notice.Severity.WARNING;
      bar.println((warns ? "warning: " : "") + notice.message());
    }
  }

  /** Why the first refused picture was; null if none was. */
  @Nullable String firstRefusal() {
    return firstRefusal;
  }

  @Override
  public void close() {
    bar.close();
  }
}
