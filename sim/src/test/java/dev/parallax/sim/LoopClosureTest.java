package dev.parallax.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.loop.LoopConfig;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FramePipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.sim.eval.odometry.PosePair;
import dev.parallax.sim.eval.odometry.TrajectoryError;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A robot drives once round a room and on, with and without looking for loops. */
class LoopClosureTest {
  private static final int FRAMES = 195;
  private static final double PATH_M = 20;

  private static final Run withLoops = new Run();
  private static final Run withoutLoops = new Run();

  /** Poses in odom, the way from odom to map, and truth, frame by frame. */
  private static final class Run {
    final List<Se3> odom = new ArrayList<>();
    final List<Se3> T_map_odom = new ArrayList<>();
    final List<PosePair> inOdom = new ArrayList<>();
    final List<PosePair> inMap = new ArrayList<>();
    final List<String> notices = new ArrayList<>();

    void take(Estimated frame, Se3 T_world_cam) {
      Se3 T_odom_cam = frame.pose().T_odom_cam();
      int i = odom.size();
      odom.add(T_odom_cam);
      T_map_odom.add(frame.T_map_odom());
      inOdom.add(new PosePair(i, frame.stamp(), T_odom_cam, T_world_cam));
      inMap.add(new PosePair(i, frame.stamp(), frame.T_map_odom().times(T_odom_cam), T_world_cam));
    }
  }

  @BeforeAll
  static void drive() {
    SimulationConfig config = SimulationConfig.defaults(3, FRAMES, 5).withSize(240, 180);
    PipelineConfig on = PipelineConfig.defaults();
    try (SimulatedSequence room = SimulatedSequence.of(Scenes.ROOM, config);
        CpuKernels a = new CpuKernels(1);
        CpuKernels b = new CpuKernels(1);
        FramePipeline looking =
            new FramePipeline(
                on, a, System::nanoTime, notice -> withLoops.notices.add(notice.message()));
        FramePipeline plain =
            new FramePipeline(
                on.withLoops(LoopConfig.off()),
                b,
                System::nanoTime,
                notice -> withoutLoops.notices.add(notice.message()))) {
      for (SimulatedFrame frame : room) {
        if (looking.process(frame.frame()) instanceof Estimated e) {
          withLoops.take(e, frame.T_world_cam());
        }
        if (plain.process(frame.frame()) instanceof Estimated e) {
          withoutLoops.take(e, frame.T_world_cam());
        }
      }
    }
  }

  private static double ate(List<PosePair> pairs) {
    return TrajectoryError.of(pairs, TrajectoryError.Alignment.SIM3).rmseM();
  }

  @Test
  void theRoundIsRecognisedAndSaidSo() {
    assertThat(withLoops.notices).filteredOn(n -> n.startsWith("Loop closed over")).hasSize(1);
    assertThat(withLoops.T_map_odom.subList(0, 130)).containsOnly(Se3.identity());
    assertThat(withLoops.T_map_odom.get(FRAMES - 5)).isNotEqualTo(Se3.identity());
  }

  @Test
  void odomIsTheSameToTheBitWithAndWithoutLoops() {
    assertThat(withLoops.odom.equals(withoutLoops.odom)).isTrue();
    assertThat(withoutLoops.T_map_odom).containsOnly(Se3.identity());
    assertThat(withoutLoops.notices).noneMatch(n -> n.contains("Loop"));
  }

  @Test
  void thePathInTheMapIsNoWorseAndDoesNotJump() {
    assertThat(ate(withLoops.inMap)).isLessThan(0.01 * PATH_M);
    assertThat(ate(withLoops.inMap)).isLessThan(1.1 * ate(withLoops.inOdom));
    for (int i = 1; i < withLoops.odom.size(); i++) {
      Se3 before = withLoops.T_map_odom.get(i - 1).times(withLoops.odom.get(i));
      Se3 after = withLoops.T_map_odom.get(i).times(withLoops.odom.get(i));
      double jump = before.inverse().times(after).distance();
      double step = withLoops.odom.get(i - 1).inverse().times(withLoops.odom.get(i)).distance();
      assertThat(jump).as("frame %d", i).isLessThanOrEqualTo(step);
    }
  }
}
