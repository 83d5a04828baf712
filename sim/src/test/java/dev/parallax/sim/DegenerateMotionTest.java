package dev.parallax.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.frame.Degeneracy;
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
import org.junit.jupiter.api.Test;

/** Motions and views that leave something open are named, and nothing is made up for it. */
class DegenerateMotionTest {
  private static final long SEED = 3;

  /** What was found at each picture beside the true pose there. */
  private record Run(List<PoseEstimate> poses, List<Se3> T_world_cam) {
    /** Share of some pictures of which a degeneracy is named. */
    double share(Degeneracy degeneracy, int from, int to) {
      long named =
          poses.subList(from, to).stream()
              .filter(p -> p.figures().degeneracies().contains(degeneracy))
              .count();
      return (double) named / (to - from);
    }

    /** From one picture to a later one, in the axes of the earlier camera. */
    Se3 found(int from, int to) {
      return poses.get(from).T_odom_cam().inverse().times(poses.get(to).T_odom_cam());
    }

    Se3 truth(int from, int to) {
      return T_world_cam.get(from).inverse().times(T_world_cam.get(to));
    }

    double degreesOff(int from, int to) {
      return Math.toDegrees(truth(from, to).inverse().times(found(from, to)).angleRad());
    }

    /** Between the true way and the one found, whatever its unit of length. */
    double headingDegreesOff(int from, int to) {
      double[] p = truth(from, to).translation();
      double[] q = found(from, to).translation();
      double pq = p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
      double cosine = pq / (truth(from, to).distance() * found(from, to).distance());
      return Math.toDegrees(Math.acos(Math.max(-1, Math.min(1, cosine))));
    }

    double stdOfPlace(int at) {
      double[] c = poses.get(at).covariance();
      return Math.sqrt(c[0] + c[7] + c[14]);
    }
  }

  private static Run follow(Scenes scene, int frames, double fps) {
    return follow(scene, scene.stage(SEED, frames / fps).trajectory(), frames, fps);
  }

  private static Run follow(Scenes scene, Trajectory trajectory, int frames, double fps) {
    SimulationConfig config = SimulationConfig.defaults(SEED, frames, fps).withSize(320, 240);
    Run run = new Run(new ArrayList<>(), new ArrayList<>());
    try (SimulatedSequence sequence =
            new SimulatedSequence(
                scene.label(), scene.stage(SEED, frames / fps).scene(), trajectory, config);
        CpuKernels kernels = new CpuKernels(2);
        FramePipeline pipeline =
            new FramePipeline(PipelineConfig.defaults(), kernels, System::nanoTime, notice -> {})) {
      for (SimulatedFrame frame : sequence) {
        run.poses.add(((Estimated) pipeline.process(frame.frame())).pose());
        run.T_world_cam.add(frame.T_world_cam());
      }
    }
    return run;
  }

  @Test
  void aTurnOnTheSpotIsNamedHeldInItsPlaceAndTheStepAfterItIsFoundInAUnitThatMayDiffer() {
    // 15 Hz: aside until 30, turning from 30 to 90, aside from 90 on.
    Run run = follow(Scenes.TURN, 135, 15);

    assertThat(run.share(Degeneracy.TURNING_ON_THE_SPOT, 10, 32)).as("steps aside").isZero();
    assertThat(run.share(Degeneracy.TURNING_ON_THE_SPOT, 42, 85)).as("turns").isGreaterThan(0.9);
    assertThat(run.share(Degeneracy.TURNING_ON_THE_SPOT, 105, 135)).as("aside again").isZero();
    double stepBefore = run.found(10, 30).distance();
    assertThat(run.found(34, 88).distance()).as("place").isLessThan(0.05 * stepBefore);
    assertThat(run.degreesOff(34, 88)).isLessThan(0.5);
    assertThat(run.poses.get(85).state()).isEqualTo(TrackingState.INITIALIZING);
    assertThat(run.poses.get(134).state()).isEqualTo(TrackingState.TRACKING);
    assertThat(run.headingDegreesOff(105, 134)).isLessThan(4);
    assertThat(run.degreesOff(105, 134)).isLessThan(0.5);
    double unitBefore = stepBefore / run.truth(10, 30).distance();
    double off =
        Math.abs(run.found(90, 134).distance() - unitBefore * run.truth(90, 134).distance());
    assertThat(run.stdOfPlace(134))
        .as("the doubt covers the change of unit")
        .isGreaterThan(off / 3);
  }

  @Test
  void aCameraThatBeginsWithATurnLearnsNoDepthFromItAndFindsTheStepAfterIt() {
    Trajectory turnThenStep =
        timeS -> {
          double yaw = 0.55 + 0.4 * Math.min(2, timeS);
          return Trajectory.looking(-1.0, -1.8, 1.0, yaw, -0.09, 0)
              .times(Se3.ofTranslation(0.3 * Math.max(0, timeS - 2), 0, 0));
        };

    Run run = follow(Scenes.STILL, turnThenStep, 60, 15);

    assertThat(run.share(Degeneracy.TURNING_ON_THE_SPOT, 1, 30)).isGreaterThan(0.9);
    assertThat(run.poses.subList(0, 30))
        .extracting(PoseEstimate::state)
        .containsOnly(TrackingState.INITIALIZING);
    assertThat(run.found(0, 29).distance()).as("place, of a typical depth").isLessThan(0.01);
    assertThat(run.degreesOff(0, 29)).isLessThan(0.3);
    assertThat(run.poses.get(59).state()).isEqualTo(TrackingState.TRACKING);
    assertThat(run.headingDegreesOff(36, 59)).isLessThan(4);
    assertThat(run.degreesOff(36, 59)).isLessThan(0.5);
  }

  @Test
  void drivingAtAWallIsNamedForwardAndPlaneOnlyOnceTheWallFillsTheView() {
    Run run = follow(Scenes.APPROACH, 50, 10);

    assertThat(run.share(Degeneracy.FORWARD_ALONG_VIEW, 12, 50)).isGreaterThan(0.8);
    assertThat(run.share(Degeneracy.TURNING_ON_THE_SPOT, 0, 50)).isZero();
    assertThat(run.share(Degeneracy.PLANE_ONLY, 0, 30)).as("a hall").isZero();
    assertThat(run.share(Degeneracy.PLANE_ONLY, 44, 50)).as("a wall").isGreaterThan(0.5);
  }

  @Test
  void aWallThatIsAllThereIsToSeeIsNamedAndFollowedAllTheSame() {
    Run run = follow(Scenes.WALL, 30, 10);

    assertThat(run.share(Degeneracy.PLANE_ONLY, 8, 30)).isGreaterThan(0.9);
    assertThat(run.share(Degeneracy.FEW_FEATURES, 0, 30)).isZero();
    assertThat(run.headingDegreesOff(8, 29)).isLessThan(3);
    assertThat(run.degreesOff(0, 29)).isLessThan(0.3);
  }

  @Test
  void aBareRoomIsNamedAndItsNoiseIsNotTakenForSomethingToFollow() {
    Run run = follow(Scenes.BARE, 30, 10);

    assertThat(run.share(Degeneracy.FEW_FEATURES, 1, 30)).isGreaterThan(0.7);
    assertThat(run.headingDegreesOff(8, 29)).isLessThan(5);
    assertThat(run.degreesOff(0, 29)).isLessThan(1);
  }

  @Test
  void aDriveThroughAFurnishedRoomIsNoneOfThese() {
    Run run = follow(Scenes.ROOM, 40, 10);

    for (Degeneracy degeneracy : Degeneracy.values()) {
      assertThat(run.share(degeneracy, 12, 40)).as(degeneracy.label()).isLessThan(0.15);
    }
  }
}
