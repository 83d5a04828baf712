package dev.parallax.perception.odometry;

import static dev.parallax.perception.odometry.PointScene.CAMERA;
import static dev.parallax.perception.odometry.PointScene.MOVED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.odometry.RayAlignment.Motion;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SceneFlowFitTest {
  private final SceneFlowFit fit = new SceneFlowFit(CAMERA);

  private Optional<Motion> fit(PointScene scene) {
    return fit.fit(scene.points, new byte[scene.points.capacity], scene.window, Se3.identity());
  }

  @Test
  void theMotionOfExactPointsIsFoundWithoutAGuess() {
    Motion motion = fit(new PointScene(1, 300).seenFrom(MOVED, 0)).orElseThrow();

    assertThat(PointScene.distance(motion.T_cam_points(), MOVED)).isLessThan(2e-3);
    assertThat(PointScene.angleRad(motion.T_cam_points(), MOVED)).isLessThan(5e-4);
    assertThat(motion.conditioning()).isGreaterThan(0.1);
  }

  @Test
  void aFastTurnAndALongStepForwardAreFound() {
    Se3 far = Se3.exp(new double[] {0.1, -0.05, -0.6, 0.03, 0.25, -0.04});

    Motion motion = fit(new PointScene(2, 300).seenFrom(far, 0.3)).orElseThrow();

    assertThat(PointScene.distance(motion.T_cam_points(), far)).isLessThan(0.05);
    assertThat(PointScene.angleRad(motion.T_cam_points(), far)).isLessThan(0.01);
  }

  @Test
  void aQuarterOfWrongMatchesAndPoorDepthHardlyMoveIt() {
    PointScene scene = new PointScene(3, 400).seenFrom(MOVED, 0.3).withDepthError(0.1);
    for (int i = 0; i < 100; i++) {
      scene.points.uv[2 * i] = 640 * scene.random.nextFloat();
      scene.points.uv[2 * i + 1] = 480 * scene.random.nextFloat();
    }

    Motion motion = fit(scene).orElseThrow();

    assertThat(PointScene.distance(motion.T_cam_points(), MOVED)).isLessThan(0.05);
    assertThat(PointScene.angleRad(motion.T_cam_points(), MOVED)).isLessThan(0.01);
  }

  @Test
  void itStartsFromThePoseOfTheFrameBefore() {
    PointScene scene = new PointScene(4, 300);
    Se3 T_prev_odom = Se3.exp(new double[] {0.1, 0, -0.2, 0, 0.05, 0});
    scene.seenFrom(MOVED.times(T_prev_odom), 0);

    Motion motion = fit.fit(scene.points, new byte[300], scene.window, T_prev_odom).orElseThrow();

    assertThat(PointScene.distance(motion.T_cam_points(), MOVED)).isLessThan(5e-3);
  }

  @Test
  void pointsOnALineAreSaidToFixNoRotation() {
    PointScene scene = new PointScene(5, 100);
    for (int i = 0; i < 100; i++) {
      double x = 0.004 * i;
      scene.points.hostX[i] = x;
      scene.points.hostY[i] = 0;
      scene.points.rho[i] = 0.25;
      scene.points.uv[2 * i] = (float) (CAMERA.fx() * x + CAMERA.cx());
      scene.points.uv[2 * i + 1] = (float) CAMERA.cy();
    }

    assertThat(fit(scene).orElseThrow().conditioning()).isLessThan(1e-3);
  }

  @Test
  void aHandfulOfPointsGivesNoFit() {
    assertThat(fit(new PointScene(6, 11).seenFrom(MOVED, 0))).isEmpty();
    assertThat(fit(new PointScene(7, 0))).isEmpty();
  }
}
