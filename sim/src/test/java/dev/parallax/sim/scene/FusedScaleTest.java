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

/** Several sources of the scale at once, on a drive along a street. */
class FusedScaleTest {
  private static final int FRAMES = 50;
  private static final double WAY_STD_M = 0.01;

  private final List<Notice> notices = new ArrayList<>();
  private final List<Se3> truths = new ArrayList<>();

  /**
   * @param speedFactor how many times as far as driven the wheels say it was
   * @param withDepth whether frames carry true depth, as a depth camera would
   */
  private List<Estimated> drive(ScaleConfig scale, double speedFactor, boolean withDepth) {
    List<Estimated> estimates = new ArrayList<>();
    PipelineConfig config = PipelineConfig.defaults().withScale(scale);
    SimulationConfig simulation = SimulationConfig.defaults(1, FRAMES, 10).withSize(320, 240);
    Random noise = new Random(8);
    double wayM = 0;
    try (SimulatedSequence street = SimulatedSequence.of(Scenes.STREET, simulation);
        CpuKernels kernels = new CpuKernels();
        FramePipeline pipeline =
            new FramePipeline(config, kernels, System::nanoTime, notices::add)) {
      for (int i = 0; i < FRAMES; i++) {
        SimulatedFrame frame = street.frame(i);
        if (i > 0) {
          double stepM = truths.get(i - 1).inverse().times(frame.T_world_cam()).distance();
          wayM += speedFactor * stepM + WAY_STD_M * noise.nextGaussian();
        }
        CameraFrame f = frame.frame();
        CameraFrame picture =
            withDepth
                ? new CameraFrame(f.id(), f.stamp(), f.calibration(), f.picture(), frame.depth())
                : f;
        DrivenWay driven = new DrivenWay(0, wayM, i * WAY_STD_M * WAY_STD_M);
        estimates.add((Estimated) pipeline.process(picture.withDriven(driven)));
        truths.add(frame.T_world_cam());
      }
    }
    return estimates;
  }

  private double wayShare(List<Estimated> estimates, int from, int to) {
    Se3 a = estimates.get(from).pose().T_odom_cam();
    Se3 b = estimates.get(to).pose().T_odom_cam();
    return a.inverse().times(b).distance()
        / truths.get(from).inverse().times(truths.get(to)).distance();
  }

  @Test
  void speedAndCameraHeightTellTheScaleTogetherAndTheSurerIsAnnounced() {
    ScaleConfig both = ScaleConfig.speed(0.01).and(ScaleConfig.cameraHeight(1.5));

    List<Estimated> estimates = drive(both, 1, false);

    Estimated last = estimates.get(FRAMES - 1);
    assertThat(last.pose().scale()).isEqualTo(ScaleSource.SPEED);
    assertThat(last.pose().scaleFigures().besides()).contains(ScaleSource.CAMERA_HEIGHT);
    assertThat(last.pose().scaleFigures().std()).isBetween(0.005, 0.03);
    assertThat(wayShare(estimates, 10, FRAMES - 1)).isCloseTo(1, within(0.02));
    assertThat(notices)
        .extracting(Notice::message)
        .anyMatch(m -> m.startsWith("Scale: speed (std"))
        .anyMatch(m -> m.startsWith("Scale: camera height tells it too"));
  }

  @Test
  void wheelsAFifthTooFastBesideADepthCameraAreNamedAndLeftOut() {
    ScaleConfig both = ScaleConfig.sensorDepth().and(ScaleConfig.speed(0.01));

    List<Estimated> estimates = drive(both, 1.2, true);

    Estimated last = estimates.get(FRAMES - 1);
    assertThat(last.pose().scale()).isEqualTo(ScaleSource.SENSOR_DEPTH);
    assertThat(last.pose().scaleFigures().leftOut()).containsExactly(ScaleSource.SPEED);
    assertThat(wayShare(estimates, 1, FRAMES - 1)).isCloseTo(1, within(0.02));
    assertThat(notices)
        .filteredOn(n -> n.severity() == Notice.Severity.WARNING)
        .extracting(Notice::message)
        .anyMatch(
            m -> m.matches("Scale: speed contradicts sensor depth by \\+(1[6-9]|2[0-4]) %.*"));
  }
}
