package dev.parallax.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.frame.Degeneracy;
import dev.parallax.perception.frame.PoseEstimate;
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
import org.junit.jupiter.api.Test;

/** A camera in a room where people walk, with sensor noise and exposure that wanders. */
class StandingStillTest {
  private static final Se3 T_WORLD_START = Trajectory.looking(-3.3, -2.0, 1.0, 0.55, -0.09, 0);

  private static List<PoseEstimate> follow(Trajectory trajectory, SimulationConfig config) {
    Scenes.Staged room = Scenes.STILL.stage(config.seed(), config.frames() / config.fps());
    List<PoseEstimate> poses = new ArrayList<>();
    try (SimulatedSequence sequence =
            new SimulatedSequence("rest", room.scene(), trajectory, config);
        CpuKernels kernels = new CpuKernels(2);
        FramePipeline pipeline =
            new FramePipeline(PipelineConfig.defaults(), kernels, System::nanoTime, notice -> {})) {
      for (SimulatedFrame frame : sequence) {
        poses.add(((Estimated) pipeline.process(frame.frame())).pose());
      }
    }
    return poses;
  }

  /** Slides aside at a speed that is 0 at first, and after the stop. */
  private static Trajectory sliding(double speedMps, double fromS, double toS) {
    return timeS ->
        T_WORLD_START.times(
            Se3.ofTranslation(speedMps * Math.max(0, Math.min(timeS, toS) - fromS), 0, 0));
  }

  private static boolean isStill(PoseEstimate pose) {
    return pose.figures().degeneracies().contains(Degeneracy.STANDING_STILL);
  }

  @Test
  void aPoseThatHasNoDepthYetIsHeldToTheBitWhilePeopleWalkThrough() {
    SimulationConfig config = SimulationConfig.defaults(1, 200, 5).withSize(160, 120);

    List<PoseEstimate> poses = follow(Trajectory.still(T_WORLD_START), config);

    assertThat(poses).extracting(PoseEstimate::T_odom_cam).containsOnly(poses.get(0).T_odom_cam());
    assertThat(poses.subList(1, 200)).allMatch(StandingStillTest::isStill);
  }

  @Test
  void aCameraThatStopsIsHeldWhereItStoppedAndFollowedAgainWhenItGoesOn() {
    // Moves for a second and a half, stands as long, moves again.
    SimulationConfig config = SimulationConfig.defaults(2, 90, 20).withSize(320, 240);
    Trajectory stopAndGo =
        timeS ->
            T_WORLD_START.times(
                Se3.ofTranslation(0.3 * (Math.min(timeS, 1.5) + Math.max(0, timeS - 3)), 0, 0));

    List<PoseEstimate> poses = follow(stopAndGo, config);

    List<PoseEstimate> standing = poses.subList(36, 61);
    assertThat(standing).allMatch(StandingStillTest::isStill);
    assertThat(standing)
        .extracting(PoseEstimate::T_odom_cam)
        .containsOnly(standing.get(0).T_odom_cam());
    assertThat(poses.subList(2, 30)).noneMatch(StandingStillTest::isStill);
    assertThat(poses.subList(62, 90)).noneMatch(StandingStillTest::isStill);
    double before = way(poses, 10, 30) / 20;
    double after = way(poses, 62, 89) / 27;
    assertThat(after / before).as("one unit of length").isBetween(0.85, 1.15);
  }

  @Test
  void fiveMillimetresASecondAreNotTakenForRest() {
    // Three hundredths of a pixel from picture to picture.
    SimulationConfig config = SimulationConfig.defaults(3, 75, 15).withSize(320, 240);

    List<PoseEstimate> poses = follow(sliding(0.005, 1, 100), config);

    assertThat(poses.subList(1, 15)).allMatch(StandingStillTest::isStill);
    assertThat(poses.subList(30, 75)).noneMatch(StandingStillTest::isStill);
    double half = way(poses, 0, 44);
    assertThat(way(poses, 0, 74) / half)
        .as("way after four seconds over two, in a unit still to be settled")
        .isBetween(1.5, 3.0);
  }

  private static double way(List<PoseEstimate> poses, int from, int to) {
    return poses.get(from).T_odom_cam().inverse().times(poses.get(to).T_odom_cam()).distance();
  }
}
