package dev.parallax.nodes.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.nodes.runtime.Metric;
import dev.parallax.perception.frame.ScaleSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FleetBoardTest {
  private static final int FRAMES = 50;

  private final AtomicLong nowNs = new AtomicLong();
  private final FleetBoard board =
      new FleetBoard(new FleetConfig("here", List.of("first", "elsewhere"), "shadow"), nowNs::get);

  @Test
  void eachCameraOfEachGroupHasACard() {
    for (int i = 0; i < 20; i++) {
      nowNs.addAndGet(500_000_000L);
      board.add(SeenFrames.right("first", "left", i));
      board.add(SeenFrames.right("elsewhere", "left", i));
    }
    board.add(SeenFrames.lost("first", "right", 0));
    nowNs.addAndGet(3_000_000_000L);
    FleetBoard.View view = board.view();
    assertThat(view.cameras())
        .extracting(card -> card.namespace() + "/" + card.camera())
        .containsExactly("elsewhere/left", "first/left", "first/right");
    CameraCard left = view.cameras().get(1);
    assertThat(left.state()).isEqualTo("PUBLISHED");
    assertThat(left.outcomes()).containsEntry("PUBLISHED", 20L);
    assertThat(left.secondsSinceFrame()).isEqualTo(3);
    assertThat(left.perSecond()).as("15 of them within the last ten seconds").isEqualTo(1.5);
    assertThat(left.path())
        .hasSize(20)
        .last()
        .satisfies(xy -> assertThat(xy[0]).isCloseTo(0.95, within(1e-9)));
    assertThat(left.unit()).isEqualTo("m");
    assertThat(view.cameras().get(2).trouble()).isEqualTo("the picture is dark");
    assertThat(board.depth("first", "left").width()).isEqualTo(40);
    assertThat(board.depth("first", "right")).isNull();
  }

  @Test
  void aShadowThatSeesTheSameDiffersInNothing() {
    for (int i = 0; i < FRAMES; i++) {
      board.add(SeenFrames.right("first", "left", i));
      board.add(SeenFrames.right("shadow", "left", i));
    }
    ShadowFigures figures = figures();
    assertThat(figures.frames()).isEqualTo(FRAMES);
    assertThat(figures.unmatched()).isZero();
    assertThat(figures.bothPublished()).isEqualTo(1);
    assertThat(figures.poseDrift()).isCloseTo(0, within(1e-9));
    assertThat(figures.depthDisagreement()).isCloseTo(0, within(1e-9));
    assertThat(figures.taePercent()).isCloseTo(0, within(0.01));
    assertThat(figures.nodeMs()).isEqualTo(20);
  }

  @Test
  void metresThatAreNotTheSameAreAsFarApartAsTheyAre() {
    for (int i = 0; i < FRAMES; i++) {
      board.add(SeenFrames.right("first", "left", i));
      board.add(SeenFrames.seen("shadow", "left", i, ScaleSource.CAMERA_HEIGHT, 1.1, 1.25));
    }
    ShadowFigures figures = figures();
    assertThat(figures.poseDrift()).isCloseTo(0.1, within(1e-6));
    assertThat(figures.depthDisagreement()).isCloseTo(0.25, within(1e-6));
    assertThat(figures.depthRatio()).isCloseTo(0.8, within(1e-6));
    assertThat(figures.shadowTaePercent())
        .as("a depth that does not fit its own path is unsteady")
        .isGreaterThan(figures.taePercent());
  }

  @Test
  void aRelativeUnitIsBroughtToTheOthersFirst() {
    for (int i = 0; i < FRAMES; i++) {
      board.add(SeenFrames.right("first", "left", i));
      board.add(SeenFrames.seen("shadow", "left", i, ScaleSource.RELATIVE, 0.5, 0.5));
    }
    ShadowFigures figures = figures();
    assertThat(figures.scaleRatio()).isCloseTo(2, within(1e-6));
    assertThat(figures.poseDrift()).isCloseTo(0, within(1e-6));
    assertThat(figures.depthDisagreement()).isCloseTo(0, within(1e-6));
  }

  @Test
  void framesOfOneOnlyAreCountedAndNothingGrowsWithoutBound() {
    for (int i = 0; i < 1000; i++) {
      board.add(SeenFrames.right("first", "left", i));
    }
    board.add(SeenFrames.lost("shadow", "left", 999));
    ShadowFigures figures = figures();
    assertThat(figures.frames()).isEqualTo(1);
    assertThat(figures.unmatched()).isEqualTo(999);
    assertThat(figures.bothPublished()).isZero();
    assertThat(figures.poseDrift()).isNull();
    assertThat(board.view().cameras().get(0).path()).hasSizeLessThan(500);
  }

  @Test
  void allOfItIsThereForPrometheus() {
    for (int i = 0; i < FRAMES; i++) {
      board.add(SeenFrames.right("first", "left", i));
      board.add(SeenFrames.seen("shadow", "left", i, ScaleSource.CAMERA_HEIGHT, 1.1, 1.25));
    }
    assertThat(board.metrics())
        .extracting(Metric::name)
        .contains(
            "parallax_fleet_frames_total",
            "parallax_fleet_node_seconds",
            "parallax_shadow_pose_drift_ratio",
            "parallax_shadow_depth_disagreement_ratio",
            "parallax_shadow_tae_percent",
            "parallax_shadow_node_seconds");
  }

  @Test
  void aShadowOfItselfIsRefused() {
    assertThatThrownBy(() -> new FleetConfig("here", List.of("a"), "a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a");
  }

  private ShadowFigures figures() {
    List<ShadowFigures> shadows = board.view().shadows();
    assertThat(shadows).hasSize(1);
    return shadows.get(0);
  }
}
