package dev.parallax.sim.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.DrivenWay;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FramePipeline;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.perception.pipeline.PipelineConfig.ScaleConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A drive whose wheels tell the scale: the path is in metres, step by step. */
class SpeedScaleDriveTest {
  private static final int FRAMES = 60;
  private static final double WAY_STD_M = 0.0035; // of readings of 0.05 m/s, twice a frame

  private final List<Notice> notices = new ArrayList<>();

  /**
   * @param slipFrom frames from here to there are driven with wheels that turn half too fast
   */
  private List<Estimated> drive(Scenes scene, List<Se3> truths, int slipFrom, int slipTo) {
    List<Estimated> estimates = new ArrayList<>();
    PipelineConfig config = PipelineConfig.defaults().withScale(ScaleConfig.speed(0.01));
    Random noise = new Random(8);
    double wayM = 0;
    try (SimulatedSequence drive =
            SimulatedSequence.of(
                scene, SimulationConfig.defaults(1, FRAMES, 10).withSize(320, 240));
        CpuKernels kernels = new CpuKernels();
        FramePipeline pipeline =
            new FramePipeline(config, kernels, System::nanoTime, notices::add)) {
      for (int i = 0; i < FRAMES; i++) {
        SimulatedFrame frame = drive.frame(i);
        if (i > 0) {
          boolean slips = i >= slipFrom && i < slipTo;
          double stepM = truths.get(i - 1).inverse().times(frame.T_world_cam()).distance();
          wayM += (slips ? 1.5 : 1) * stepM + WAY_STD_M * noise.nextGaussian();
        }
        CameraFrame picture =
            frame.frame().withDriven(new DrivenWay(0, wayM, i * WAY_STD_M * WAY_STD_M));
        estimates.add((Estimated) pipeline.process(picture));
        truths.add(frame.T_world_cam());
      }
    }
    return estimates;
  }

  private static double distance(Se3 a, Se3 b) {
    return a.inverse().times(b).distance();
  }

  private static double stepShare(List<Estimated> estimates, List<Se3> truths, int i) {
    Se3 before = estimates.get(i - 1).pose().T_odom_cam();
    return distance(before, estimates.get(i).pose().T_odom_cam())
        / distance(truths.get(i - 1), truths.get(i));
  }

  @Test
  void everyStepIsInMetresFromTheFirstDepthOnAndItIsSaidSo() {
    List<Se3> truths = new ArrayList<>();
    List<Estimated> estimates = drive(Scenes.STREET, truths, 0, 0);

    int known = 0;
    while (estimates.get(known).pose().scale() == ScaleSource.RELATIVE) {
      assertThat(estimates.get(known).map().blockKeys()).isEmpty();
      known++;
    }
    assertThat(known).isBetween(1, 10);
    assertThat(estimates.subList(known, FRAMES))
        .allMatch(e -> e.pose().scale() == ScaleSource.SPEED);
    for (int i = known + 1; i < FRAMES; i++) {
      assertThat(stepShare(estimates, truths, i)).as("step to %d", i).isCloseTo(1, within(0.05));
    }
    Se3 first = estimates.get(0).pose().T_odom_cam();
    Se3 last = estimates.get(FRAMES - 1).pose().T_odom_cam();
    double trueM = distance(truths.get(0), truths.get(FRAMES - 1));
    assertThat(distance(first, last) / trueM).isCloseTo(1, within(0.01));
    assertThat(notices).filteredOn(n -> n.message().startsWith("Scale: speed (std")).hasSize(1);
  }

  @Test
  void wheelsThatSlipForHalfASecondDoNotStretchThePath() {
    List<Se3> truths = new ArrayList<>();
    List<Estimated> estimates = drive(Scenes.STREET, truths, 40, 45);

    for (int i = 40; i < 45; i++) {
      assertThat(stepShare(estimates, truths, i)).as("step to %d", i).isCloseTo(1, within(0.15));
    }
    Se3 first = estimates.get(0).pose().T_odom_cam();
    Se3 last = estimates.get(FRAMES - 1).pose().T_odom_cam();
    double trueM = distance(truths.get(0), truths.get(FRAMES - 1));
    assertThat(distance(first, last) / trueM).isCloseTo(1, within(0.02));
  }
}
