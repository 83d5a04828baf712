package dev.parallax.sim.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.eval.odometry.PosePair;
import dev.parallax.sim.eval.odometry.TrajectoryError;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OpenCvOdometryTest {
  private static List<PosePair> drive(int frames) {
    SimulationConfig config = SimulationConfig.defaults(5, frames, 10).withSize(320, 240);
    List<PosePair> pairs = new ArrayList<>();
    try (SimulatedSequence street = SimulatedSequence.of(Scenes.STREET, config);
        OpenCvOdometry odometry = new OpenCvOdometry(BaselineConfig.defaults(), config.camera())) {
      for (SimulatedFrame frame : street) {
        Optional<OpenCvOdometry.Step> step = odometry.track(frame.frame());
        if (step.isPresent()) {
          pairs.add(
              new PosePair(
                  pairs.size(),
                  frame.frame().stamp(),
                  step.get().T_odom_cam(),
                  frame.T_world_cam()));
        }
      }
    }
    return pairs;
  }

  @Test
  void itFollowsADriveDownAStreetAndTwiceTheSameWay() {
    List<PosePair> pairs = drive(35);

    double ate = TrajectoryError.of(pairs, TrajectoryError.Alignment.SIM3).rmseM();
    assertThat(pairs.size()).as("a few frames are needed to start").isBetween(28, 34);
    assertThat(ate).as("of a path of 22 m").isLessThan(0.3);
    List<Se3> again = drive(35).stream().map(PosePair::T_odom_cam).toList();
    assertThat(again.equals(pairs.stream().map(PosePair::T_odom_cam).toList())).isTrue();
  }
}
