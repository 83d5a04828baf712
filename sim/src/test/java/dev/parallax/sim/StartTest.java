package dev.parallax.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.frame.PoseEstimate;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FramePipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import dev.parallax.sim.scene.Trajectory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A camera that moves from its first picture on, without depth and without a guess. */
class StartTest {
  private static final int FRAMES = 15;
  private static final double FPS = 10;

  @ParameterizedTest
  @CsvSource({"0, 0.3, 0", "0, -0.3, 0", "0, 0, -0.4", "0.2, 0.1, 0.2"})
  void withinFifteenFramesACameraKnowsWhichWayItGoes(double x, double y, double z) {
    Se3 T_world_start = Trajectory.looking(-3.3, -2.0, 1.0, 1.05, -0.09, 0);
    Trajectory straight =
        timeS -> T_world_start.times(Se3.ofTranslation(x * timeS, y * timeS, z * timeS));

    List<PoseEstimate> poses = follow(straight);

    PoseEstimate last = poses.get(FRAMES - 1);
    Se3 T_first_last = poses.get(0).T_odom_cam().inverse().times(last.T_odom_cam());
    double along = T_first_last.tx() * x + T_first_last.ty() * y + T_first_last.tz() * z;
    double cosine = along / (T_first_last.distance() * Math.sqrt(x * x + y * y + z * z));
    assertThat(last.state()).isEqualTo(TrackingState.TRACKING);
    assertThat(Math.toDegrees(Math.acos(Math.min(1, cosine)))).as("degrees off").isLessThan(4);
    assertThat(Math.toDegrees(T_first_last.angleRad())).as("degrees turned").isLessThan(0.6);
  }

  private static List<PoseEstimate> follow(Trajectory trajectory) {
    SimulationConfig config = SimulationConfig.defaults(2, FRAMES, FPS).withSize(480, 360);
    Scenes.Staged room = Scenes.STILL.stage(config.seed(), FRAMES / FPS);
    List<PoseEstimate> poses = new ArrayList<>();
    try (SimulatedSequence sequence =
            new SimulatedSequence("start", room.scene(), trajectory, config);
        CpuKernels kernels = new CpuKernels(2);
        FramePipeline pipeline =
            new FramePipeline(PipelineConfig.defaults(), kernels, System::nanoTime, notice -> {})) {
      for (SimulatedFrame frame : sequence) {
        poses.add(((Estimated) pipeline.process(frame.frame())).pose());
      }
    }
    return poses;
  }
}
