package dev.parallax.nodes.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.InertialSamples;
import dev.parallax.perception.pipeline.FramePipeline;
import dev.parallax.sim.scene.InertialSensor;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The real pipeline, on a camera in a shaken hand and what an IMU on it would read. */
class RecordingDoctorInertialTest {
  private static final int FRAMES = 130;
  private static final List<SimulatedFrame> walk = new ArrayList<>();
  private static final List<InertialSamples> readings = new ArrayList<>();
  private static CpuKernels kernels;

  @BeforeAll
  static void draw() {
    kernels = new CpuKernels(2);
    SimulationConfig config = SimulationConfig.defaults(5, FRAMES, 20).withSize(320, 240);
    try (SimulatedSequence room = SimulatedSequence.of(Scenes.ROOM_HANDHELD, config)) {
      InertialSensor sensor = InertialSensor.typical(room);
      for (SimulatedFrame frame : room) {
        walk.add(frame);
        readings.add(sensor.before(frame.frame().stamp(), 2));
      }
    }
  }

  @AfterAll
  static void close() {
    kernels.close();
  }

  private static DoctorReport examine(int frames, UnaryOperator<InertialSamples> change) {
    List<SourceItem> items = new ArrayList<>();
    for (int i = 0; i < frames; i++) {
      items.add(
          new SourceItem.Frame(walk.get(i).frame().withInertial(change.apply(readings.get(i)))));
    }
    PipelineFactory pipelines =
        (config, notices) -> new FramePipeline(config, kernels, System::nanoTime, notices);
    return new RecordingDoctor(pipelines, true).examine(TestFrames.source(items), done -> {});
  }

  private static double[] scaled(double[] values, double factor) {
    double[] scaled = values.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= factor;
    }
    return scaled;
  }

  @Test
  void degreesASecondAreNamed() {
    DoctorReport report =
        examine(
            70,
            s ->
                new InertialSamples(
                    s.nanos(), scaled(s.gyroRadps(), 180 / Math.PI), s.accelMps2(), s.T_cam_imu()));

    assertThat(report.isHealthy()).isFalse();
    assertThat(report.findings()).singleElement().asString().contains("degrees a second");
  }

  @Test
  void anAccelerometerInUnitsOfGravityIsNamedAndItsGyroscopeIsNot() {
    DoctorReport report =
        examine(
            FRAMES,
            s ->
                new InertialSamples(
                    s.nanos(), s.gyroRadps(), scaled(s.accelMps2(), 1 / 9.81), s.T_cam_imu()));

    assertThat(report.findings()).singleElement().asString().contains("in g, not m/s2");
    assertThat(report.seen()).anyMatch(line -> line.startsWith("Gyroscope: turns as the pictures"));
  }
}
