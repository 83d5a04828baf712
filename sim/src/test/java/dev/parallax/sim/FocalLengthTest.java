package dev.parallax.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FramePipeline;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A camera whose calibration nobody gave: its focal length is told from the pictures. */
class FocalLengthTest {
  private static final int WIDTH = 320;
  private static final int HEIGHT = 240;

  private static PinholeCamera camera(double focal) {
    return new PinholeCamera(WIDTH, HEIGHT, focal, focal, (WIDTH - 1) / 2.0, (HEIGHT - 1) / 2.0);
  }

  private static List<FrameOutcome> follow(
      Scenes scene, double focal, int frames, double fps, List<Notice> notices) {
    List<FrameOutcome> outcomes = new ArrayList<>();
    CameraCalibration assumed =
        new CameraCalibration(camera(WIDTH), CameraCalibration.Origin.ASSUMED);
    SimulationConfig config = SimulationConfig.defaults(2, frames, fps).withCamera(camera(focal));
    try (SimulatedSequence drive = SimulatedSequence.of(scene, config);
        CpuKernels kernels = new CpuKernels(2);
        FramePipeline pipeline =
            new FramePipeline(PipelineConfig.defaults(), kernels, System::nanoTime, notices::add)) {
      for (int i = 0; i < frames; i++) {
        CameraFrame f = drive.frame(i).frame();
        outcomes.add(
            pipeline.process(new CameraFrame(f.id(), f.stamp(), assumed, f.picture(), null)));
      }
    }
    return outcomes;
  }

  @ParameterizedTest
  @ValueSource(doubles = {220, 262})
  void aCameraCarriedThroughARoomTellsItsFocalLengthAndThePathGoesOn(double focal) {
    List<Notice> notices = new ArrayList<>();
    List<FrameOutcome> outcomes = follow(Scenes.ROOM_HANDHELD, focal, 220, 20, notices);

    assertThat(notices)
        .filteredOn(n -> n.message().startsWith("Focal length estimated"))
        .hasSize(1);
    Estimated last = (Estimated) outcomes.get(outcomes.size() - 1);
    assertThat(last.camera().fx() / focal).isCloseTo(1, within(0.05));
    Se3 before = Se3.identity();
    for (FrameOutcome outcome : outcomes) {
      if (outcome instanceof Estimated e) {
        Se3 step = before.inverse().times(e.pose().T_odom_cam());
        assertThat(e.id().sequence() == 0 || Math.toDegrees(step.angleRad()) < 12).isTrue();
        before = e.pose().T_odom_cam();
      }
    }
  }

  @Test
  void aDriveDownAStraightStreetDoesNotTellAndTheAssumedOneStays() {
    List<Notice> notices = new ArrayList<>();
    List<FrameOutcome> outcomes = follow(Scenes.STREET, 262, 60, 10, notices);

    assertThat(notices).noneMatch(n -> n.message().startsWith("Focal length estimated"));
    Estimated last = (Estimated) outcomes.get(outcomes.size() - 1);
    assertThat(last.camera().fx()).isEqualTo(WIDTH);
  }
}
