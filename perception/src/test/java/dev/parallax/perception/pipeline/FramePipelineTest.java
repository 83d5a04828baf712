package dev.parallax.perception.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.TwoWalls;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.mapping.VoxelBlockMap;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FrameOutcome.Lost;
import dev.parallax.perception.pipeline.FrameOutcome.Skipped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FramePipelineTest {
  private static final double STEP_M = 0.03;

  private final CpuKernels kernels = new CpuKernels(2);
  private final List<Notice> notices = new ArrayList<>();
  private final FramePipeline pipeline = pipelineOn(kernels);

  @AfterEach
  void close() {
    pipeline.close();
    kernels.close();
  }

  private FramePipeline pipelineOn(CpuKernels on) {
    return new FramePipeline(PipelineConfig.defaults(), on, System::nanoTime, notices::add);
  }

  private static CameraFrame slide(int index) {
    return TwoWalls.frame(index, TwoWalls.picture(index * STEP_M));
  }

  private static List<FrameOutcome> slide(FramePipeline on, int frames) {
    List<FrameOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < frames; i++) {
      outcomes.add(on.process(slide(i)));
    }
    return outcomes;
  }

  @Test
  void aSlidingCameraIsFollowedFrameByFrame() {
    List<FrameOutcome> outcomes = slide(pipeline, 25);

    assertThat(outcomes).allMatch(Estimated.class::isInstance);
    for (int i = 0; i < 25; i++) {
      assertThat(outcomes.get(i).id().sequence()).isEqualTo(i);
      assertThat(outcomes.get(i).stamp()).isEqualTo(slide(i).stamp());
    }
    Estimated last = (Estimated) outcomes.get(24);
    assertThat(last.pose().state()).isEqualTo(TrackingState.TRACKING);
    // Odom is x forward, y left, z up: sliding right is -y.
    Se3 pose = last.pose().T_odom_cam();
    assertThat(pose.ty()).isNegative();
    assertThat(Math.hypot(pose.tx(), pose.tz())).isLessThan(0.05 * -pose.ty());
    Estimated middle = (Estimated) outcomes.get(12);
    assertThat(middle.pose().T_odom_cam().ty() / pose.ty())
        .as("steps of one length")
        .isCloseTo(0.5, within(0.05));
  }

  @Test
  void depthIsThatOfTheWallsInTheUnitOfThePath() {
    Estimated last = (Estimated) slide(pipeline, 25).get(24);
    double unit = 24 * STEP_M / -last.pose().T_odom_cam().ty();
    float[] depth = last.depth().depthM();
    double[] errors = new double[depth.length];
    int known = 0;
    for (int v = 0; v < last.depth().height(); v++) {
      for (int u = 0; u < last.depth().width(); u++) {
        float d = depth[v * last.depth().width() + u];
        if (!Float.isNaN(d)) {
          double truth = TwoWalls.depthM(2 * u, 2 * v, 24 * STEP_M);
          errors[known++] = Math.abs(unit * d / truth - 1);
        }
      }
    }
    Arrays.sort(errors, 0, known);

    assertThat(known).as("density").isGreaterThan(depth.length / 2);
    assertThat(errors[known / 2]).as("median relative error").isLessThan(0.05);
    assertThat(errors[known * 9 / 10]).as("nine in ten").isLessThan(0.3);
  }

  @Test
  void nothingIsCalledMovingBetweenWallsThatRest() {
    Estimated last = (Estimated) slide(pipeline, 25).get(24);
    int moving = 0;
    for (byte label : last.movingMask().labels()) {
      moving += label == MovingMask.MOVING ? 1 : 0;
    }

    assertThat(moving).isLessThan(last.movingMask().labels().length / 50);
  }

  @Test
  void twoRunsAndAnyNumberOfThreadsGiveTheSameBits() {
    List<FrameOutcome> expected = slide(pipeline, 12);
    for (int threads : new int[] {1, 2, 3}) {
      try (CpuKernels other = new CpuKernels(threads);
          FramePipeline again = pipelineOn(other)) {
        List<FrameOutcome> outcomes = slide(again, 12);
        for (int i = 0; i < 12; i++) {
          assertSameBits((Estimated) outcomes.get(i), (Estimated) expected.get(i));
        }
      }
    }
  }

  private static void assertSameBits(Estimated a, Estimated b) {
    assertThat(a.pose().T_odom_cam()).isEqualTo(b.pose().T_odom_cam());
    assertThat(Arrays.equals(a.pose().covariance(), b.pose().covariance())).isTrue();
    assertThat(Arrays.equals(a.depth().depthM(), b.depth().depthM())).isTrue();
    assertThat(Arrays.equals(a.depth().stdM(), b.depth().stdM())).isTrue();
    assertThat(Arrays.equals(a.movingMask().labels(), b.movingMask().labels())).isTrue();
  }

  @Test
  void aStampThatDoesNotAdvanceIsSkippedAndChangesNothing() {
    pipeline.process(slide(0));
    pipeline.process(slide(1));

    FrameOutcome same =
        pipeline.process(TwoWalls.frame(2, slide(1).stamp().nanos(), slide(2).picture()));
    FrameOutcome back =
        pipeline.process(TwoWalls.frame(3, slide(0).stamp().nanos(), slide(2).picture()));
    Estimated next = (Estimated) pipeline.process(slide(2));

    assertThat(((Skipped) same).reason()).isEqualTo(Skipped.Reason.DUPLICATE_STAMP);
    assertThat(((Skipped) same).detail()).contains("1.050000000");
    assertThat(((Skipped) back).reason()).isEqualTo(Skipped.Reason.OUT_OF_ORDER);
    assertThat(((Skipped) back).id().sequence()).isEqualTo(3);
    try (CpuKernels other = new CpuKernels(1);
        FramePipeline undisturbed = pipelineOn(other)) {
      assertSameBits(next, (Estimated) slide(undisturbed, 3).get(2));
    }
  }

  @Test
  void aPictureOfAnotherSizeIsRefusedByName() {
    pipeline.process(slide(0));
    CameraFrame good = slide(1);
    PinholeCamera half = TwoWalls.CAMERA.reducedBy(2);
    CameraFrame small =
        new CameraFrame(
            good.id(),
            good.stamp(),
            new CameraCalibration(half, CameraCalibration.Origin.GIVEN),
            new Picture(160, 120, Picture.Format.MONO8, new byte[160 * 120]),
            null);

    FrameOutcome refused = pipeline.process(small);

    assertThat(((Skipped) refused).reason()).isEqualTo(Skipped.Reason.REFUSED);
    assertThat(((Skipped) refused).detail()).contains("160x120", "320x240");
    assertThat(pipeline.process(good)).isInstanceOf(Estimated.class);
  }

  @Test
  void picturesWithoutContentGiveNoPoseThatIsNotFiniteAndNoCrash() {
    for (int level : new int[] {0, 255}) {
      try (CpuKernels other = new CpuKernels(2);
          FramePipeline dark = pipelineOn(other)) {
        for (int i = 0; i < 6; i++) {
          assertHonest(dark.process(TwoWalls.frame(i, TwoWalls.flat(level))));
        }
      }
    }
  }

  @Test
  void aCoveredLensIsLostAndNothingIsPublishedForIt() {
    slide(pipeline, 10);
    List<FrameOutcome> covered = new ArrayList<>();
    for (int i = 10; i < 14; i++) {
      covered.add(pipeline.process(TwoWalls.frame(i, TwoWalls.flat(0))));
    }

    covered.forEach(FramePipelineTest::assertHonest);
    assertThat(covered.get(3)).isInstanceOf(Lost.class);
  }

  @Test
  void framesAreEstimatedAgainOnceTheLensIsFree() {
    slide(pipeline, 10);
    for (int i = 10; i < 14; i++) {
      pipeline.process(TwoWalls.frame(i, TwoWalls.flat(0)));
    }
    List<FrameOutcome> free = new ArrayList<>();
    for (int i = 14; i < 24; i++) {
      free.add(pipeline.process(slide(i)));
    }

    free.forEach(FramePipelineTest::assertHonest);
    assertThat(free.get(9)).isInstanceOf(Estimated.class);
  }

  @Test
  void aCameraThatMovedOnInTheDarkIsFoundWhereItIsInTheOldUnit() {
    double stepBefore = 0;
    Se3 before = Se3.identity();
    for (int i = 0; i < 25; i++) {
      Se3 pose = ((Estimated) pipeline.process(slide(i))).pose().T_odom_cam();
      stepBefore = Math.abs(pose.ty() - before.ty());
      before = pose;
    }
    int dark = 10;
    for (int i = 25; i < 25 + dark; i++) {
      assertThat(pipeline.process(TwoWalls.frame(i, TwoWalls.flat(0)))).isInstanceOf(Lost.class);
    }

    Se3 found = ((Estimated) pipeline.process(slide(25 + dark))).pose().T_odom_cam();
    Se3 next = ((Estimated) pipeline.process(slide(26 + dark))).pose().T_odom_cam();

    assertThat(before.ty() - found.ty())
        .as("the way in the dark")
        .isCloseTo((dark + 1) * stepBefore, within(0.1 * dark * stepBefore));
    assertThat(found.ty() - next.ty()).isCloseTo(stepBefore, within(0.3 * stepBefore));
    assertThat(notices).extracting(Notice::message).anyMatch(m -> m.startsWith("Found again"));
  }

  @Test
  void aCutToAPlaceNeverSeenIsLostWithinThreeFramesAndPublishesNothing() {
    slide(pipeline, 15);
    List<FrameOutcome> after = new ArrayList<>();
    for (int i = 15; i < 30; i++) {
      after.add(pipeline.process(TwoWalls.frame(i, TwoWalls.picture(50 + i * STEP_M))));
    }

    assertThat(after.subList(2, 15)).allMatch(Lost.class::isInstance);
  }

  @Test
  void theTimeInTheDarkDoesNotCountAgainstTheSearch() {
    slide(pipeline, 20);
    for (int i = 20; i < 60; i++) {
      pipeline.process(TwoWalls.frame(i, TwoWalls.flat(0)));
    }

    FrameOutcome back = pipeline.process(TwoWalls.frame(60, slide(20).picture()));

    assertThat(back).isInstanceOf(Estimated.class);
    assertThat(notices).extracting(Notice::message).noneMatch(m -> m.contains("segment"));
  }

  @Test
  void aCameraAtRestHoldsItsPoseExactlyAndKeepsItsDepth() {
    slide(pipeline, 15);
    Picture resting = TwoWalls.picture(15 * STEP_M);
    Estimated arrived = (Estimated) pipeline.process(TwoWalls.frame(15, resting));
    Estimated last = arrived;
    for (int i = 16; i < 76; i++) {
      last = (Estimated) pipeline.process(TwoWalls.frame(i, resting));
    }

    assertThat(last.pose().T_odom_cam()).isEqualTo(arrived.pose().T_odom_cam());
    assertThat(known(last)).isGreaterThan(0.9 * known(arrived));
  }

  private static double known(Estimated estimated) {
    int known = 0;
    for (float depth : estimated.depth().depthM()) {
      known += depth > 0 ? 1 : 0;
    }
    return known;
  }

  @Test
  void aPlaceNeverSeenAfterALossBeginsANewSegmentAndSaysSo() {
    slide(pipeline, 15);
    for (int i = 15; i < 20; i++) {
      pipeline.process(TwoWalls.frame(i, TwoWalls.flat(0)));
    }
    List<FrameOutcome> elsewhere = new ArrayList<>();
    for (int i = 20; i < 75; i++) {
      elsewhere.add(pipeline.process(TwoWalls.frame(i, TwoWalls.picture(50 + i * STEP_M))));
    }

    elsewhere.forEach(FramePipelineTest::assertHonest);
    assertThat(elsewhere.get(0)).isInstanceOf(Lost.class);
    assertThat(notices).extracting(Notice::message).anyMatch(m -> m.contains("new odom segment"));
    assertThat(elsewhere)
        .filteredOn(o -> o instanceof Skipped s && s.reason() == Skipped.Reason.INITIALIZING)
        .isNotEmpty();
    Estimated last = (Estimated) elsewhere.get(54);
    assertThat(last.pose().state()).isEqualTo(TrackingState.TRACKING);
  }

  /** A pose is finite or there is none. */
  private static void assertHonest(FrameOutcome outcome) {
    if (outcome instanceof Estimated estimated) {
      assertThat(estimated.pose().T_odom_cam().isFinite()).isTrue();
      assertThat(estimated.pose().covariance()).doesNotContain(Double.NaN);
      for (float depth : estimated.depth().depthM()) {
        assertThat(depth > 0 || Float.isNaN(depth)).isTrue();
      }
    } else if (outcome instanceof Lost lost) {
      assertThat(lost.reason()).isNotBlank();
    }
  }

  @Test
  void theScaleIsSaidOnceAndTheLensIsLeftToWhoAssumedIt() {
    CameraFrame frame = slide(0);
    CameraFrame assumed =
        new CameraFrame(
            frame.id(),
            frame.stamp(),
            new CameraCalibration(TwoWalls.CAMERA, CameraCalibration.Origin.ASSUMED),
            frame.picture(),
            null);

    pipeline.process(assumed);
    pipeline.process(slide(1));

    assertThat(notices).extracting(Notice::message).containsExactly("Scale: relative");
  }

  @Test
  void doubtOfThePoseGrowsWithTheWayAndBeginsAtNone() {
    List<FrameOutcome> outcomes = slide(pipeline, 40);

    double first = std(outcomes.get(0));
    double early = std(outcomes.get(20));
    double late = std(outcomes.get(39));

    assertThat(first).isLessThan(1e-5);
    assertThat(early).isGreaterThan(first);
    assertThat(late).isGreaterThan(early);
  }

  private static double std(FrameOutcome outcome) {
    double[] covariance = ((Estimated) outcome).pose().covariance();
    return Math.sqrt(covariance[0] + covariance[7] + covariance[14]);
  }

  @Test
  void afterAResetNothingOfBeforeIsLeft() {
    VoxelBlockMap follower = new VoxelBlockMap(0.05);
    for (FrameOutcome outcome : slide(pipeline, 14)) {
      follower.apply(((Estimated) outcome).map());
    }
    assertThat(follower.size()).isPositive();

    pipeline.reset();
    List<FrameOutcome> again = slide(pipeline, 14);

    VoxelBlockMap fresh = new VoxelBlockMap(0.05);
    try (CpuKernels other = new CpuKernels(2);
        FramePipeline undisturbed = pipelineOn(other)) {
      List<FrameOutcome> expected = slide(undisturbed, 14);
      for (int i = 0; i < 14; i++) {
        assertSameBits((Estimated) again.get(i), (Estimated) expected.get(i));
        follower.apply(((Estimated) again.get(i)).map());
        fresh.apply(((Estimated) expected.get(i)).map());
      }
    }
    assertThat(follower.sameContentAs(fresh)).isTrue();
  }

  @Test
  void timeThatJumpsBackBeginsAnewButAStragglerDoesNot() {
    for (int i = 40; i < 55; i++) {
      pipeline.process(slide(i));
    }

    FrameOutcome straggler = pipeline.process(slide(3));
    FrameOutcome goesOn = pipeline.process(slide(55));
    FrameOutcome loop = pipeline.process(slide(0));
    FrameOutcome begun = pipeline.process(slide(1));

    assertThat(((Skipped) straggler).reason()).isEqualTo(Skipped.Reason.OUT_OF_ORDER);
    assertThat(((Estimated) goesOn).pose().state()).isEqualTo(TrackingState.TRACKING);
    assertThat(((Skipped) loop).reason()).isEqualTo(Skipped.Reason.OUT_OF_ORDER);
    assertThat(((Estimated) begun).pose().state()).isEqualTo(TrackingState.INITIALIZING);
    assertThat(notices).extracting(Notice::message).anyMatch(m -> m.startsWith("Time jumped back"));
  }

  @Test
  void aPoseThatIsSetHoldsAndTrackingGoesOnFromThereInTheSameUnit() {
    Se3 before = Se3.identity();
    double step = 0;
    for (FrameOutcome outcome : slide(pipeline, 20)) {
      Se3 pose = ((Estimated) outcome).pose().T_odom_cam();
      step = before.inverse().times(pose).distance();
      before = pose;
    }
    Se3 wanted = Se3.exp(new double[] {5, -2, 1, 0.1, 0.2, 1.5});

    pipeline.setPose(wanted);
    Se3 next = ((Estimated) pipeline.process(slide(20))).pose().T_odom_cam();

    assertThat(wanted.inverse().times(next).distance()).isCloseTo(step, within(0.2 * step));
    assertThat(wanted.inverse().times(next).angleRad()).isLessThan(0.01);
  }
}
