package dev.parallax.perception.odometry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.perception.geometry.Se3;
import org.junit.jupiter.api.Test;

class MotionViewTest {
  private static final int POINTS = 1000;
  private static final double NOISE_PX = 0.4;
  private static final Se3 TURN = Se3.exp(new double[] {0, 0, 0, 0.02, 0.08, -0.01});

  private final PointScene scene = new PointScene(5, POINTS);
  private final MotionView view = new MotionView(PointScene.CAMERA, POINTS);

  /** What is seen when the camera of the host goes to another pose. */
  private void goTo(Se3 T_cam_odom) {
    scene.seenFrom(Se3.identity(), NOISE_PX);
    float[] before = scene.points.uv.clone();
    scene.seenFrom(T_cam_odom, NOISE_PX);
    view.look(scene.points, new byte[POINTS], before);
  }

  @Test
  void aTurnIsFoundToAHundredthOfADegree() {
    goTo(TURN);

    assertThat(view.isTurnAlone(false)).isTrue();
    Se3 off = view.turn().turn().times(TURN.inverse());
    assertThat(Math.toDegrees(off.angleRad())).isLessThan(0.01);
  }

  @Test
  void aStepAsideOfTwoHundredthsOfTheDepthIsNoTurn() {
    goTo(Se3.ofTranslation(-0.08, 0, 0).times(TURN));

    assertThat(view.isTurnAlone(false)).isFalse();
    assertThat(view.mayBeTurnAlone()).isFalse();
  }

  @Test
  void restIsNotATurn() {
    goTo(Se3.identity());

    assertThat(view.isTurnAlone(false)).isFalse();
    assertThat(view.mayBeTurnAlone()).isTrue();
  }

  @Test
  void aTurnIsSeenBehindSomebodyWhoCrossesAFifthOfThePicture() {
    scene.seenFrom(Se3.identity(), NOISE_PX);
    float[] before = scene.points.uv.clone();
    scene.seenFrom(TURN, NOISE_PX);
    for (int i = 0; i < POINTS; i++) {
      scene.points.uv[2 * i] += scene.points.uv[2 * i] < 128 ? 15 : 0;
    }

    view.look(scene.points, new byte[POINTS], before);

    assertThat(view.isTurnAlone(false)).isTrue();
    Se3 off = view.turn().turn().times(TURN.inverse());
    assertThat(Math.toDegrees(off.angleRad())).isLessThan(0.02);
  }

  @Test
  void goingForwardIsAlongTheViewAndGoingAsideIsNot() {
    goTo(Se3.ofTranslation(0, 0, -0.5));
    assertThat(view.isAlongView(new double[] {0, 0, -0.5})).isTrue();

    goTo(Se3.ofTranslation(-0.5, 0, -0.1));
    assertThat(view.isAlongView(new double[] {-0.5, 0, -0.1})).isFalse();
  }
}
