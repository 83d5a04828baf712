package dev.parallax.nodes.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.geometry.BrownConradyCamera;
import dev.parallax.perception.geometry.CameraModel;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.pipeline.FramePipeline;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The real pipeline, on a camera in a shaken hand whose calibration does not say how it bends. */
class RecordingDoctorLensTest {
  private static final int FRAMES = 90;
  private static final PinholeCamera STRAIGHT = SimulationConfig.pinhole(320, 240);
  private static final CameraModel BENT = BrownConradyCamera.plumbBob(STRAIGHT, -0.3, 0, 0, 0);
  private static CpuKernels kernels;

  @BeforeAll
  static void open() {
    kernels = new CpuKernels(2);
  }

  @AfterAll
  static void close() {
    kernels.close();
  }

  private static DoctorReport examine(CameraModel is, CameraModel said) {
    CameraCalibration given = new CameraCalibration(said, CameraCalibration.Origin.GIVEN);
    SimulationConfig config = SimulationConfig.defaults(3, FRAMES, 20).withCamera(is);
    List<SourceItem> items = new ArrayList<>();
    try (SimulatedSequence walk = SimulatedSequence.of(Scenes.ROOM_HANDHELD, config)) {
      for (SimulatedFrame frame : walk) {
        items.add(new SourceItem.Frame(frame.frame().withCalibration(given)));
      }
    }
    PipelineFactory pipelines =
        (options, notices) -> new FramePipeline(options, kernels, System::nanoTime, notices);
    return new RecordingDoctor(pipelines).examine(TestFrames.source(items), done -> {});
  }

  @Test
  void distortionThatTheCalibrationLeavesOutIsNamedWithItsSize() {
    DoctorReport report = examine(BENT, STRAIGHT);

    assertThat(report.isHealthy()).isFalse();
    assertThat(report.findings())
        .singleElement()
        .asString()
        .containsPattern("k1 = -0\\.(2[5-9]|3[0-5]) \\(std 0\\.0[0-5]\\), it says none");
  }

  @Test
  void distortionThatThePicturesNoLongerHaveIsNamed() {
    DoctorReport report = examine(STRAIGHT, BENT);

    assertThat(report.isHealthy()).isFalse();
    assertThat(report.findings())
        .singleElement()
        .asString()
        .contains("k1 = -0.30", "rectified already");
  }

  @Test
  void aRightCalibrationIsLeftAlone() {
    assertThat(examine(BENT, BENT).findings()).isEmpty();
    assertThat(examine(STRAIGHT, STRAIGHT).findings()).isEmpty();
  }
}
