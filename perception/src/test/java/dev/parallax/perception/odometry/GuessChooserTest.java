package dev.parallax.perception.odometry;

import static dev.parallax.perception.odometry.PointScene.CAMERA;
import static dev.parallax.perception.odometry.PointScene.MOVED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.perception.frame.FirstGuess;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.odometry.GuessChooser.Guess;
import org.junit.jupiter.api.Test;

class GuessChooserTest {
  private static Guess best(PointScene scene, Se3 velocity) {
    int n = scene.points.capacity;
    return new GuessChooser(CAMERA, new PoseSolver(CAMERA, new RollingShutter(CAMERA), n))
        .best(scene.points, new byte[n], scene.window, Se3.identity(), velocity);
  }

  @Test
  void aMotionUnlikeTheLastIsFoundByTheSceneFlow() {
    Guess guess = best(new PointScene(1, 300).seenFrom(MOVED, 0.2), MOVED.inverse());

    assertThat(guess.kind()).isEqualTo(FirstGuess.SCENE_FLOW_FIT);
    assertThat(PointScene.distance(guess.T_cam_odom(), MOVED)).isLessThan(0.02);
  }

  @Test
  void pointsOnALineFallBackToTheMotionBeforeAndSaySo() {
    PointScene scene = new PointScene(2, 60);
    for (int i = 0; i < 60; i++) {
      double x = 0.003 * i;
      scene.points.hostX[i] = x;
      scene.points.hostY[i] = 0;
      scene.points.rho[i] = 0.25;
      scene.points.uv[2 * i] = (float) (CAMERA.fx() * (x - 0.05) + CAMERA.cx());
      scene.points.uv[2 * i + 1] = (float) CAMERA.cy();
    }

    Guess guess = best(scene, Se3.ofTranslation(-0.2, 0, 0));

    assertThat(guess.kind()).isEqualTo(FirstGuess.CONSTANT_MOTION);
    assertThat(guess.fitConditioning()).isLessThan(0.02);
  }

  @Test
  void tooFewPointsForAFitRestOrMoveOn() {
    Guess guess = best(new PointScene(3, 8).seenFrom(Se3.identity(), 0), MOVED);

    assertThat(guess.kind()).isEqualTo(FirstGuess.REST);
    assertThat(guess.fitConditioning()).isNaN();
  }
}
