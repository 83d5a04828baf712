package dev.parallax.nodes.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Lost;
import dev.parallax.perception.pipeline.FrameOutcome.Skipped;
import dev.parallax.perception.pipeline.StageTimings;
import dev.parallax.perception.pipeline.StageTimings.Stage;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private final Ledger ledger = new Ledger();

  @Test
  void everyFrameHasOneOutcomeAndTheCountsBalanceAtAnyTime() {
    for (int i = 0; i < 4; i++) {
      ledger.open(TestFrames.id(i));
    }
    ledger.close(estimated(0));
    ledger.close(skipped(1));
    ledger.close(
        new Lost(
            TestFrames.id(2),
            TestFrames.stamp(2),
            TrackingState.LOST,
            "dark",
            StageTimings.none()));

    Ledger.Counts counts = ledger.counts();

    assertThat(counts.in()).isEqualTo(4);
    assertThat(counts.published()).isEqualTo(1);
    assertThat(counts.skipped()).containsEntry(Skipped.Reason.REFUSED, 1L).hasSize(1);
    assertThat(counts.lost()).isEqualTo(1);
    assertThat(counts.inFlight()).isEqualTo(1);
  }

  @Test
  void aSecondOutcomeForAFrameIsADefect() {
    ledger.open(TestFrames.id(0));
    ledger.close(skipped(0));
    assertThatThrownBy(() -> ledger.close(skipped(0))).hasMessageContaining("not open");
    assertThatThrownBy(() -> ledger.close(skipped(7))).hasMessageContaining("not open");
  }

  @Test
  void quantilesAreThoseOfTheStagesThatRan() {
    ledger.open(TestFrames.id(0));
    ledger.close(estimated(0));
    assertThat(ledger.latencies()).containsOnlyKeys(Stage.FLOW, Stage.TOTAL);
    assertThat(ledger.latencies().get(Stage.TOTAL).p99Ms())
        .isCloseTo(5, org.assertj.core.data.Percentage.withPercentage(1));
  }

  @Test
  void aHistogramAnswersQuantilesByNearestRankWithinOnePercent() {
    LatencyHistogram histogram = new LatencyHistogram();
    for (int ms = 1; ms <= 1000; ms++) {
      histogram.add(ms);
    }
    histogram.add(Double.NaN);
    assertThat(histogram.count()).isEqualTo(1000);
    assertThat(histogram.quantileMs(0.5))
        .isCloseTo(500, org.assertj.core.data.Percentage.withPercentage(1));
    assertThat(histogram.quantileMs(0.999))
        .isCloseTo(999, org.assertj.core.data.Percentage.withPercentage(1));
    assertThat(histogram.meanMs()).isCloseTo(500.5, org.assertj.core.data.Offset.offset(1e-9));
  }

  private static FrameOutcome estimated(long sequence) {
    return TestFrames.estimated(TestFrames.frame(sequence), 2, OccupancyDelta.none(0.05));
  }

  private static Skipped skipped(long sequence) {
    return new Skipped(
        TestFrames.id(sequence),
        TestFrames.stamp(sequence),
        Skipped.Reason.REFUSED,
        "cut short",
        StageTimings.none());
  }
}
