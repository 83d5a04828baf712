package dev.parallax.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.frame.CameraMotion;
import dev.parallax.perception.frame.PoseEstimate;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FramePipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.sim.eval.odometry.PoseConsistency;
import dev.parallax.sim.eval.odometry.PosePair;
import dev.parallax.sim.eval.odometry.TrajectoryError;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether the motion from picture to picture is as well known as is said. */
class TwistCovarianceTest {
  private record Seen(PosePair pair, PoseEstimate estimate) {}

  @ParameterizedTest
  @EnumSource(
      value = Scenes.class,
      names = {"ROOM", "ROOM_HANDHELD", "STREET"})
  void motionIsAsWellKnownAsIsSaid(Scenes scene) {
    PoseConsistency found = consistency(follow(scene));

    assertThat(found.nees()).as("every motion but the first is told").hasSize(99);
    assertThat(found.mean()).as("6 if the covariance is right").isBetween(3.0, 15.0);
    assertThat(found.shareAbove()).as("promised too much").isLessThan(0.2);
    assertThat(found.shareInBand()).isGreaterThan(0.5);
  }

  private static List<Seen> follow(Scenes scene) {
    SimulationConfig config = SimulationConfig.defaults(1, 100, 15).withSize(320, 240);
    Scenes.Staged staged = scene.stage(config.seed(), config.frames() / config.fps());
    List<Seen> seen = new ArrayList<>();
    try (SimulatedSequence sequence =
            new SimulatedSequence("twist", staged.scene(), staged.trajectory(), config);
        CpuKernels kernels = new CpuKernels(2);
        FramePipeline pipeline =
            new FramePipeline(PipelineConfig.defaults(), kernels, System::nanoTime, notice -> {})) {
      for (SimulatedFrame frame : sequence) {
        PoseEstimate pose = ((Estimated) pipeline.process(frame.frame())).pose();
        seen.add(
            new Seen(
                new PosePair(seen.size(), pose.stamp(), pose.T_odom_cam(), frame.T_world_cam()),
                pose));
      }
    }
    return seen;
  }

  /** In the run's own unit. */
  private static PoseConsistency consistency(List<Seen> run) {
    List<PosePair> pairs = run.stream().map(Seen::pair).toList();
    double scale = TrajectoryError.of(pairs, TrajectoryError.Alignment.SIM3).scale();
    return new PoseConsistency(
        IntStream.range(1, run.size())
            .filter(i -> run.get(i).estimate().motion().isPresent())
            .mapToDouble(
                i ->
                    nees(
                        run.get(i).estimate().motion().orElseThrow(),
                        pairs.get(i).T_world_cam().inverse().times(pairs.get(i - 1).T_world_cam()),
                        scale))
            .toArray());
  }

  /** What disturbs a motion on the right disturbs its inverse on the left. */
  private static double nees(CameraMotion motion, Se3 trueT_cur_prev, double scale) {
    List<PosePair> pairs =
        List.of(
            new PosePair(0, Timestamp.ofSeconds(0), Se3.identity(), Se3.identity()),
            new PosePair(1, Timestamp.ofSeconds(1), motion.T_prev_cur().inverse(), trueT_cur_prev));
    return PoseConsistency.of(pairs, scale, pair -> motion.covariance()).nees()[0];
  }
}
