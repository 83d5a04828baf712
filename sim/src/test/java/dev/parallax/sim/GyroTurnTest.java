package dev.parallax.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.InertialSamples;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FramePipeline;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.sim.scene.InertialSensor;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A camera in a jerky hand, with a gyroscope: what pictures that are missing hide, it tells. */
class GyroTurnTest {
  private static final int FRAMES = 75;
  private static final int MISSING_FROM = 50;
  private static final int MISSING_TO = 60;
  private static final List<SimulatedFrame> walk = new ArrayList<>();
  private static final List<InertialSamples> readings = new ArrayList<>();

  private final List<Notice> notices = new ArrayList<>();

  @BeforeAll
  static void draw() {
    SimulationConfig config = SimulationConfig.defaults(5, FRAMES, 20).withSize(320, 240);
    try (SimulatedSequence room = SimulatedSequence.of(Scenes.ROOM_HANDHELD, config)) {
      InertialSensor sensor = InertialSensor.typical(room);
      for (SimulatedFrame frame : room) {
        walk.add(frame);
        readings.add(sensor.before(frame.frame().stamp(), 2));
      }
    }
  }

  private List<FrameOutcome> follow(UnaryOperator<CameraFrame> change) {
    List<FrameOutcome> outcomes = new ArrayList<>();
    try (CpuKernels kernels = new CpuKernels(2);
        FramePipeline pipeline =
            new FramePipeline(PipelineConfig.defaults(), kernels, System::nanoTime, notices::add)) {
      for (int i = 0; i < FRAMES; i++) {
        if (i < MISSING_FROM || i >= MISSING_TO) {
          outcomes.add(pipeline.process(change.apply(walk.get(i).frame())));
        }
      }
    }
    return outcomes;
  }

  private static InertialSamples reading(CameraFrame frame) {
    return readings.get((int) frame.id().sequence());
  }

  private static Se3 truth(Estimated e) {
    return walk.get((int) e.id().sequence()).T_world_cam();
  }

  /** How far the turn over the pictures that are missing is told otherwise than it was. */
  private static double degreesOff(List<FrameOutcome> outcomes) {
    Estimated before = null;
    for (FrameOutcome outcome : outcomes) {
      if (outcome instanceof Estimated e) {
        if (before != null && e.id().sequence() >= MISSING_TO) {
          Se3 found = before.pose().T_odom_cam().inverse().times(e.pose().T_odom_cam());
          Se3 turned = truth(before).inverse().times(truth(e));
          return Math.toDegrees(turned.inverse().times(found).angleRad());
        }
        before = e;
      }
    }
    return Double.NaN;
  }

  @Test
  void tenPicturesMissingInATurnAreBridgedByTheGyroscope() {
    List<FrameOutcome> with = follow(f -> f.withInertial(reading(f)));
    List<FrameOutcome> without = follow(f -> f);

    assertThat(degreesOff(without)).as("without").isGreaterThan(4);
    assertThat(degreesOff(with)).as("with").isLessThan(1.5);
    assertThat(notices)
        .filteredOn(n -> n.message().startsWith("Gyroscope: turns as the pictures do"))
        .hasSize(1);
  }

  @Test
  void aMountingThatNobodyTellsIsFound() {
    List<FrameOutcome> outcomes =
        follow(
            f -> {
              InertialSamples s = reading(f);
              return f.withInertial(
                  new InertialSamples(s.nanos(), s.gyroRadps(), s.accelMps2(), null));
            });

    assertThat(degreesOff(outcomes)).isLessThan(1.5);
  }

  @Test
  void aGyroscopeInDegreesASecondIsNamedAndNotUsed() {
    List<FrameOutcome> outcomes =
        follow(
            f -> {
              InertialSamples s = reading(f);
              double[] degrees = s.gyroRadps().clone();
              for (int i = 0; i < degrees.length; i++) {
                degrees[i] = Math.toDegrees(degrees[i]);
              }
              return f.withInertial(
                  new InertialSamples(
                      s.nanos(), degrees, new double[degrees.length], s.T_cam_imu()));
            });

    assertThat(notices)
        .extracting(Notice::message)
        .anyMatch(m -> m.startsWith("Gyroscope is not used") && m.contains("degrees a second"));
    for (int i = 0; i < MISSING_FROM; i++) {
      assertThat(outcomes.get(i)).isInstanceOf(Estimated.class);
    }
    List<FrameOutcome> without = follow(f -> f);
    assertThat(poses(outcomes)).isEqualTo(poses(without));
  }

  private static List<Se3> poses(List<FrameOutcome> outcomes) {
    return outcomes.stream()
        .filter(Estimated.class::isInstance)
        .map(o -> ((Estimated) o).pose().T_odom_cam())
        .toList();
  }
}
