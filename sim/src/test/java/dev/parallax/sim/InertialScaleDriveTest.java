package dev.parallax.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.frame.InertialSamples;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FramePipeline;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.perception.pipeline.PipelineConfig.ScaleConfig;
import dev.parallax.sim.scene.InertialSensor;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A walk with a camera in the hand and an IMU behind it: metres without any other source. */
class InertialScaleDriveTest {
  private static final int SECOND = 20;

  private final List<Notice> notices = new ArrayList<>();
  private final List<Se3> truths = new ArrayList<>();

  private List<Estimated> drive(Scenes scene, int frames, double accelerationFactor) {
    List<Estimated> estimates = new ArrayList<>();
    PipelineConfig config = PipelineConfig.defaults().withScale(ScaleConfig.imu());
    try (SimulatedSequence room =
            SimulatedSequence.of(
                scene, SimulationConfig.defaults(5, frames, SECOND).withSize(320, 240));
        CpuKernels kernels = new CpuKernels(2);
        FramePipeline pipeline =
            new FramePipeline(config, kernels, System::nanoTime, notices::add)) {
      InertialSensor sensor = InertialSensor.typical(room);
      for (SimulatedFrame frame : room) {
        InertialSamples s = sensor.before(frame.frame().stamp(), 2);
        double[] accel = s.accelMps2().clone();
        for (int i = 0; i < accel.length; i++) {
          accel[i] *= accelerationFactor;
        }
        InertialSamples read = new InertialSamples(s.nanos(), s.gyroRadps(), accel, s.T_cam_imu());
        if (pipeline.process(frame.frame().withInertial(read)) instanceof Estimated e) {
          estimates.add(e);
          truths.add(frame.T_world_cam());
        }
      }
    }
    return estimates;
  }

  private static double distance(Se3 a, Se3 b) {
    return a.inverse().times(b).distance();
  }

  @Test
  void lengthsAreMetresOnceTheHandHasShakenEnough() {
    List<Estimated> estimates = drive(Scenes.ROOM_HANDHELD, 160, 1);

    int known = 0;
    while (estimates.get(known).pose().scale() == ScaleSource.RELATIVE) {
      assertThat(estimates.get(known).map().blockKeys()).isEmpty();
      known++;
    }
    assertThat(known).isLessThan(5 * SECOND);
    assertThat(estimates.subList(known, estimates.size()))
        .allMatch(e -> e.pose().scale() == ScaleSource.IMU);
    double found = 0;
    double walked = 0;
    for (int i = known; i + SECOND < estimates.size(); i += SECOND) {
      Se3 from = estimates.get(i).pose().T_odom_cam();
      double step = distance(from, estimates.get(i + SECOND).pose().T_odom_cam());
      double truth = distance(truths.get(i), truths.get(i + SECOND));
      assertThat(step / truth).as("second from frame %d", i).isCloseTo(1, within(0.15));
      found += step;
      walked += truth;
    }
    assertThat(found / walked).isCloseTo(1, within(0.05));
    assertThat(notices).filteredOn(n -> n.message().startsWith("Scale: imu (std")).hasSize(1);
  }

  @Test
  void odomIsLevelThoughTheRobotsCameraLooksDown() {
    List<Estimated> estimates = drive(Scenes.ROOM, 1, 1);

    Se3 first = estimates.get(0).pose().T_odom_cam();
    double[] up = truths.get(0).rotationOnly().inverse().transform(0, 0, 1); // in the camera
    double[] up_odom = first.rotationOnly().transform(up[0], up[1], up[2]);
    assertThat(Math.toDegrees(Math.acos(up_odom[2]))).as("tilt, of 4 degrees").isLessThan(1.5);
    assertThat(notices).anyMatch(n -> n.message().startsWith("Odom is level by gravity"));
  }

  @Test
  void anAccelerometerInGravitiesIsNamedAndLengthsStayRelative() {
    List<Estimated> estimates = drive(Scenes.ROOM_HANDHELD, 120, 1 / 9.81);

    assertThat(estimates).allMatch(e -> e.pose().scale() == ScaleSource.RELATIVE);
    assertThat(notices)
        .extracting(Notice::message)
        .anyMatch(m -> m.contains("it is in g, not m/s2"));
  }
}
