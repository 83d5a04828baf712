package dev.parallax.perception.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.TwoWalls;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.mapping.VoxelBlockMap;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One pipeline dies, another goes on in the same odom. */
class SessionHandOverTest {
  private static final double STEP_M = 0.03;
  private static final int HANDED_OVER_AFTER = 15;
  private static final int FRAMES = 26;

  private final CpuKernels kernels = new CpuKernels(2);
  private final CpuKernels successorsKernels = new CpuKernels(2);
  private final List<Notice> notices = new ArrayList<>();
  private FramePipeline first;
  private FramePipeline successor;

  @BeforeEach
  void begin() {
    first = new FramePipeline(PipelineConfig.defaults(), kernels, System::nanoTime, notices::add);
    successor =
        new FramePipeline(
            PipelineConfig.defaults(), successorsKernels, System::nanoTime, notices::add);
  }

  @AfterEach
  void close() {
    first.close();
    successor.close();
    kernels.close();
    successorsKernels.close();
  }

  private static CameraFrame slide(int index) {
    return TwoWalls.frame(index, TwoWalls.picture(index * STEP_M));
  }

  @Test
  void theSuccessorGoesOnInTheSamePlaceAndTheSameUnit() {
    for (int i = 0; i < HANDED_OVER_AFTER; i++) {
      first.process(slide(i));
    }
    successor.resume(first.snapshot().orElseThrow());
    Estimated alone = null;
    Estimated handedOver = null;
    Se3 before = ((Estimated) first.process(slide(HANDED_OVER_AFTER))).pose().T_odom_cam();
    for (int i = HANDED_OVER_AFTER; i < FRAMES; i++) {
      alone = i > HANDED_OVER_AFTER ? (Estimated) first.process(slide(i)) : alone;
      handedOver = (Estimated) successor.process(slide(i));
    }
    assertThat(handedOver.pose().state()).isEqualTo(TrackingState.TRACKING);
    double way = alone.pose().T_odom_cam().inverse().times(before).distance();
    double apart =
        alone.pose().T_odom_cam().inverse().times(handedOver.pose().T_odom_cam()).distance();
    assertThat(apart / way).as("apart, of the way gone since").isLessThan(0.05);
    assertThat(medianRatio(alone, handedOver)).isBetween(0.97, 1.03);
  }

  @Test
  void theMapIsTakenOverToTheBit() {
    VoxelBlockMap follower = null;
    for (int i = 0; i < HANDED_OVER_AFTER; i++) {
      if (first.process(slide(i)) instanceof Estimated e) {
        follower = follower == null ? new VoxelBlockMap(e.map().voxelSizeM()) : follower;
        follower.apply(e.map());
      }
    }
    assertThat(follower.size()).isPositive();
    successor.resume(first.snapshot().orElseThrow());
    successor.restoreMap(follower.snapshot());

    OccupancyDelta delta = ((Estimated) successor.process(slide(HANDED_OVER_AFTER))).map();
    assertThat(delta.blockKeys()).as("blocks seen anew or again").isNotEmpty();
    follower.apply(delta);
    VoxelBlockMap again = new VoxelBlockMap(follower.voxelSizeM());
    again.apply(follower.snapshot());
    assertThat(again.sameContentAs(follower)).isTrue();
  }

  @Test
  void theSuccessorKnowsHowLongAPictureIsReadOut() {
    for (int i = 0; i < HANDED_OVER_AFTER; i++) {
      first.process(slide(i));
    }
    SessionState state = first.snapshot().orElseThrow();
    assertThat(state.view().readoutS()).as("learnt").isBetween(0.0, 0.04);
    SessionState.View view =
        new SessionState.View(state.view().grey(), state.view().belief(), 0.021);
    successor.resume(
        new SessionState(
            state.calibration(), state.stamp(), state.T_odom_cam(), state.scaleStd(), view));

    assertThat(successor.snapshot().orElseThrow().view().readoutS()).isEqualTo(0.021);
  }

  @Test
  void beforeDepthIsKnownThereIsNothingToHandOver() {
    assertThat(first.snapshot()).isEmpty();
    first.process(slide(0));
    assertThat(first.snapshot()).isEmpty();
  }

  @Test
  void aSessionThatHasBegunTakesNoOtherState() {
    for (int i = 0; i < HANDED_OVER_AFTER; i++) {
      first.process(slide(i));
    }
    SessionState state = first.snapshot().orElseThrow();
    assertThatThrownBy(() -> first.resume(state)).isInstanceOf(IllegalStateException.class);
  }

  private static double medianRatio(Estimated a, Estimated b) {
    float[] of = a.depth().depthM();
    float[] to = b.depth().depthM();
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < of.length; i++) {
      if (of[i] > 0 && to[i] > 0) {
        ratios.add((double) to[i] / of[i]);
      }
    }
    ratios.sort(null);
    return ratios.get(ratios.size() / 2);
  }
}
