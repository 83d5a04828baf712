package dev.parallax.sim.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FramePipeline;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.perception.pipeline.PipelineConfig.ScaleConfig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CameraHeightScaleTest {
  private static final int FRAMES = 60;

  /** Flow is smooth over the room's bare floor, so its depth is off by a few per cent. */
  private static final double MAX_SCALE_ERROR = 0.1;

  @Test
  void lengthsInARoomBecomeMetresOnceTheFloorIsFoundAndAreNotCalledSoBefore() {
    List<Notice> notices = new ArrayList<>();
    List<Estimated> estimates = new ArrayList<>();
    List<Se3> truths = new ArrayList<>();
    PipelineConfig config = PipelineConfig.defaults().withScale(ScaleConfig.cameraHeight(0.8));
    try (SimulatedSequence room =
            SimulatedSequence.of(Scenes.ROOM, SimulationConfig.defaults(1, FRAMES, 30));
        CpuKernels kernels = new CpuKernels();
        FramePipeline pipeline =
            new FramePipeline(config, kernels, System::nanoTime, notices::add)) {
      for (int i = 0; i < FRAMES; i++) {
        SimulatedFrame frame = room.frame(i);
        estimates.add((Estimated) pipeline.process(frame.frame()));
        truths.add(frame.T_world_cam());
      }
    }

    int found = 0;
    while (!estimates.get(found).pose().scale().isMetric()) {
      assertThat(estimates.get(found).map().blockKeys()).isEmpty();
      found++;
    }
    assertThat(found).isBetween(1, 30);
    assertThat(estimates.subList(found, FRAMES))
        .allMatch(e -> e.pose().scale() == ScaleSource.CAMERA_HEIGHT);
    assertThat(estimates.get(FRAMES - 1).map().blockKeys()).isNotEmpty();
    double travelledM = distance(estimates.get(found).pose().T_odom_cam(), last(estimates));
    double trueM = distance(truths.get(found), truths.get(FRAMES - 1));
    assertThat(travelledM / trueM).isCloseTo(1, within(MAX_SCALE_ERROR));
    for (int i = found + 1; i < FRAMES; i++) {
      double stepM =
          distance(estimates.get(i - 1).pose().T_odom_cam(), estimates.get(i).pose().T_odom_cam());
      double trueStepM = distance(truths.get(i - 1), truths.get(i));
      assertThat(stepM).as("step to frame %d", i).isCloseTo(trueStepM, within(0.5 * trueStepM));
    }
    assertThat(notices)
        .filteredOn(n -> n.message().startsWith("Scale: camera height (0.80 m over"))
        .hasSize(1);
  }

  private static Se3 last(List<Estimated> estimates) {
    return estimates.get(estimates.size() - 1).pose().T_odom_cam();
  }

  private static double distance(Se3 from, Se3 to) {
    return from.inverse().times(to).distance();
  }
}
