package dev.parallax.nodes.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.nodes.RealData;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.GroundTruths;
import dev.parallax.nodes.source.RecordingOptions;
import dev.parallax.nodes.source.Recordings;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FramePipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.sim.eval.StampedPose;
import dev.parallax.sim.eval.odometry.TrajectoryAssociation;
import dev.parallax.sim.eval.odometry.TrajectoryError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** The beginnings of real recordings through the per-frame path. */
class RealRecordingsTest {
  private static List<FrameOutcome> run(Path folder, int frames) throws Exception {
    return run(folder, frames, RecordingOptions.defaults(), PipelineConfig.defaults());
  }

  private static List<FrameOutcome> run(
      Path folder, int frames, RecordingOptions options, PipelineConfig config) throws Exception {
    List<FrameOutcome> outcomes = new ArrayList<>();
    try (FrameSource source = Recordings.open(folder, options);
        CpuKernels kernels = new CpuKernels(2);
        FramePipeline pipeline =
            new FramePipeline(config, kernels, System::nanoTime, notice -> {})) {
      while (outcomes.size() < frames && source.next() instanceof SourceItem.Frame item) {
        outcomes.add(pipeline.process(item.frame()));
      }
    }
    return outcomes;
  }

  private static double ateM(List<FrameOutcome> outcomes, Path folder) {
    List<StampedPose> estimate = new ArrayList<>();
    for (FrameOutcome outcome : outcomes) {
      if (outcome instanceof Estimated e) {
        estimate.add(new StampedPose(e.stamp(), e.pose().T_odom_cam()));
      }
    }
    TrajectoryAssociation association =
        new TrajectoryAssociation(outcomes.stream().map(FrameOutcome::stamp).toList());
    return TrajectoryError.of(
            association.associate(estimate, GroundTruths.open(folder).poses()),
            TrajectoryError.Alignment.SIM3)
        .rmseM();
  }

  @Test
  void twentyFramesOfAStreetAreFollowedToADecimetre() throws Exception {
    Path folder = RealData.path("kitti06-stereo-51f");

    List<FrameOutcome> outcomes = run(folder, 20);

    assertThat(outcomes).hasSize(20).allMatch(Estimated.class::isInstance);
    assertThat(ateM(outcomes, folder)).isLessThan(0.1);
  }

  @Test
  void sixtyFramesOfAKitchenAreAllEstimated() throws Exception {
    Path folder = RealData.path("7scenes-redkitchen-250f");

    List<FrameOutcome> outcomes = run(folder, 60);

    assertThat(outcomes).hasSize(60).allMatch(Estimated.class::isInstance);
    assertThat(ateM(outcomes, folder)).isLessThan(0.02);
  }

  /** The first frame that is tracked: with depth. */
  private static int firstTracked(List<FrameOutcome> outcomes) {
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) instanceof Estimated e && e.pose().state() == TrackingState.TRACKING) {
        return i;
      }
    }
    return Integer.MAX_VALUE;
  }

  @Test
  void aDriveIsTrackedWithinFifteenFrames() throws Exception {
    assertThat(firstTracked(run(RealData.path("kitti06-stereo-51f"), 15))).isLessThan(15);
  }

  @Test
  void aTurningCameraIsTrackedWithinFifteenFramesAndWithItsOwnDepthWithinFive() throws Exception {
    Path bag = RealData.path("bags/tum_fr1_rpy_150f_jpeg_depth.bag");
    RecordingOptions withDepth =
        RecordingOptions.defaults()
            .withSensorDepth(true)
            .withDepthUnitsPerM(OptionalDouble.of(5000));
    PipelineConfig sensor =
        PipelineConfig.defaults().withScale(PipelineConfig.ScaleConfig.sensorDepth());

    assertThat(firstTracked(run(bag, 15))).isLessThan(15);
    assertThat(firstTracked(run(bag, 5, withDepth, sensor))).isLessThan(5);
  }
}
