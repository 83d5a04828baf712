package dev.parallax.sim.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.geometry.Se3;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrajectoryTest {
  @Test
  void aCameraLookingAlongXSeesUpAsUpAndLeftAsLeft() {
    Se3 T_world_cam = Trajectory.looking(1, 2, 3, 0, 0, 0);

    assertThat(T_world_cam.transform(0, 0, 1)).containsExactly(new double[] {2, 2, 3}, tight());
    assertThat(T_world_cam.transform(1, 0, 0)).containsExactly(new double[] {1, 1, 3}, tight());
    assertThat(T_world_cam.transform(0, 1, 0)).containsExactly(new double[] {1, 2, 2}, tight());
    assertThat(Trajectory.looking(0, 0, 0, 0, 0.3, 0).transform(0, 0, 1)[2])
        .isCloseTo(Math.sin(0.3), within(1e-12));
  }

  @Test
  void aClosedPathIsWalkedAtASteadyPaceAndCloses() {
    ClosedPath path = RoomScene.robotPath();
    double step = path.lengthM() / 1000;
    for (int i = 0; i < 1000; i++) {
      double[] a = path.at(i * step);
      double[] b = path.at((i + 1) * step);
      assertThat(Math.hypot(b[0] - a[0], b[1] - a[1])).isCloseTo(step, within(step * 1e-3));
    }
    assertThat(path.at(path.lengthM() + 0.2)).containsExactly(path.at(0.2), tight());
  }

  @Test
  void accelerationIsContinuousOnEveryTrajectory() {
    for (Trajectory trajectory :
        List.of(RoomScene.tour(), RoomScene.handheldTour(5), HallScene.approach())) {
      double h = 1e-3;
      double largestJump = 0;
      double[] last = null;
      for (double t = 0; t < 8; t += h) {
        double[] acceleration = acceleration(trajectory, t, h);
        if (last != null) {
          for (int i = 0; i < 12; i++) {
            largestJump = Math.max(largestJump, Math.abs(acceleration[i] - last[i]));
          }
        }
        last = acceleration;
      }
      // A jump in acceleration would not shrink with the step; a smooth one changes by jerk * h.
      assertThat(largestJump).isLessThan(0.5);
    }
  }

  @Test
  void theRobotKeepsHalfAMetreFromEverything() {
    Scene scene = new RoomScene(1).build();
    Trajectory tour = RoomScene.tour();
    for (double t = 0; t < 80; t += 0.25) {
      Se3 robot = tour.T_world_cam(t);
      for (Body body : scene.bodies()) {
        if (!body.castsShadow()) {
          continue; // floor, walls, rug
        }
        Se3 T_body_world = body.motion().T_world_body(t).inverse();
        double[] p = T_body_world.transform(robot.tx(), robot.ty(), robot.tz());
        double[] h = body.shape().halfExtentsM();
        double dx = Math.max(0, Math.abs(p[0]) - h[0]);
        double dy = Math.max(0, Math.abs(p[1]) - h[1]);
        double dz = Math.max(0, Math.abs(p[2]) - h[2]);
        assertThat(Math.sqrt(dx * dx + dy * dy + dz * dz)).isGreaterThan(0.5);
      }
    }
  }

  private static double[] acceleration(Trajectory trajectory, double t, double h) {
    double[] a = state(trajectory.T_world_cam(t - h));
    double[] b = state(trajectory.T_world_cam(t));
    double[] c = state(trajectory.T_world_cam(t + h));
    double[] second = new double[12];
    for (int i = 0; i < 12; i++) {
      second[i] = (a[i] - 2 * b[i] + c[i]) / (h * h);
    }
    return second;
  }

  private static double[] state(Se3 T) {
    double[] all = new double[12];
    System.arraycopy(T.rotation(), 0, all, 0, 9);
    System.arraycopy(T.translation(), 0, all, 9, 3);
    return all;
  }

  private static org.assertj.core.data.Offset<Double> tight() {
    return within(1e-9);
  }
}
