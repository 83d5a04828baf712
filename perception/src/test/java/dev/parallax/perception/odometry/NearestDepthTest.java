package dev.parallax.perception.odometry;

import static dev.parallax.perception.odometry.PointScene.CAMERA;
import static dev.parallax.perception.odometry.PointScene.MOVED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.geometry.Se3;
import org.junit.jupiter.api.Test;

class NearestDepthTest {
  private final NearestDepth nearest = new NearestDepth(CAMERA);

  private double of(PointScene scene, int i, Se3 T_cam_odom) {
    ViewPair pair = ViewPair.of(T_cam_odom, new double[6], new double[6]);
    return nearest.of(scene.points, i, pair, 0, 0);
  }

  @Test
  void aPointSeenFromTheRightPoseIsAtItsDepth() {
    PointScene scene = new PointScene(1, 100).seenFrom(MOVED, 0);
    for (int i = 0; i < 100; i++) {
      assertThat(of(scene, i, MOVED)).isCloseTo(scene.trueRho[i], within(1e-3 * scene.trueRho[i]));
    }
  }

  @Test
  void stepsInTheOppositeDirectionPutItBehindTheCamera() {
    Se3 aside = Se3.ofTranslation(-0.3, 0, -0.1);
    PointScene scene = new PointScene(2, 100).seenFrom(aside, 0);
    for (int i = 0; i < 100; i++) {
      double behind = of(scene, i, aside.inverse());
      assertThat(behind).isCloseTo(-scene.trueRho[i], within(1e-3 * scene.trueRho[i]));
    }
  }

  @Test
  void aTurnAloneTellsNoDepth() {
    Se3 turn = Se3.exp(new double[] {0, 0, 0, 0, 0.05, 0});
    PointScene scene = new PointScene(3, 20).seenFrom(turn, 0);
    for (int i = 0; i < 20; i++) {
      assertThat(of(scene, i, turn)).isNaN();
    }
  }
}
