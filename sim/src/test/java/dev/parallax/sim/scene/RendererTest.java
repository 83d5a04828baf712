package dev.parallax.sim.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.geometry.PinholeCamera;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Truth against worlds simple enough to work out by hand. */
class RendererTest {
  private static final PinholeCamera CAMERA = SimulationConfig.pinhole(160, 120);
  private static final Material GREY = Material.plain(0x808080);
  private static final Lighting LIGHT =
      new Lighting(new double[] {0, 0, 1}, 0.5, 0.5, 0.3, List.of(), 20, null);

  /** A wall whose surface is the plane x = 5. */
  private static final Body WALL = Body.still(new Box(0.5, 50, 50), Placement.at(5.5, 0, 0), GREY);

  @Test
  void depthOfAWallAheadIsItsDistanceAtEveryPixel() {
    SceneTruth truth = truth(looking(0, 0, 0, 0), WALL);

    assertThat(truth.depth().depthM()).hasSize(160 * 120).containsOnly(5f);
    assertThat(truth.depth().stdM()).containsOnly(0f);
  }

  @Test
  void depthOfASlantedWallFollowsThePlaneEquation() {
    double yaw = 0.4;
    SceneTruth truth = truth(looking(1, 2, 0.3, yaw), WALL);

    for (int u = 0; u < 160; u += 13) {
      // World x of the ray with unit depth: cos(yaw) + sin(yaw) * x_right.
      double xRight = (u - CAMERA.cx()) / CAMERA.fx();
      double expected = 4 / (Math.cos(yaw) + Math.sin(yaw) * xRight);
      assertThat((double) truth.depth().depthM()[60 * 160 + u]).isCloseTo(expected, within(1e-5));
    }
  }

  @Test
  void whatNothingHidesIsSkyAtInfinityThatMovesByRotationAlone() {
    Trajectory turning = t -> Trajectory.looking(3 * t, 0, 0, 0.1 * t, 0, 0);
    SceneTruth truth = truth(turning);

    assertThat(truth.depth().depthM()).containsOnly(Float.POSITIVE_INFINITY);
    assertThat(truth.sceneFlow().velocityMps()).containsOnly(Float.NaN);
    assertThat(truth.movingMask().labels()).containsOnly(MovingMask.STATIC);
    int centre = 60 * 160 + 80;
    // Turning left by 0.01 rad a frame, the past picture showed the sky further left.
    double expected = -CAMERA.fx() * Math.tan(0.01);
    assertThat((double) truth.backwardFlow().uv()[2 * centre]).isCloseTo(expected, within(0.01));
    assertThat((double) truth.forwardFlow().uv()[2 * centre]).isCloseTo(-expected, within(0.01));
  }

  @Test
  void aBoxThatCrossesTheViewHasItsVelocityInCameraAxes() {
    double[] v = {-0.5, 1.5, 0.25}; // world: towards the camera, left, up
    Body box =
        Body.moving(new Box(1, 1, 1), t -> Placement.at(6 + v[0] * t, v[1] * t, v[2] * t), GREY);
    SceneTruth truth = truth(looking(0, 0, 0, 0), WALL_BEHIND, box);

    int moving = 0;
    for (int i = 0; i < 160 * 120; i++) {
      float[] flow = truth.sceneFlow().velocityMps();
      if (truth.movingMask().labels()[i] == MovingMask.MOVING) {
        moving++;
        assertThat((double) flow[3 * i]).isCloseTo(-v[1], within(1e-5));
        assertThat((double) flow[3 * i + 1]).isCloseTo(-v[2], within(1e-5));
        assertThat((double) flow[3 * i + 2]).isCloseTo(v[0], within(1e-5));
      } else {
        assertThat(flow[3 * i]).isZero();
      }
    }
    // The front face, 2 m wide at 5 m, is fx * 2 / 5 = 52.5 pixels wide and high.
    assertThat(moving).isBetween(52 * 52, 53 * 53);
    int centre = 60 * 160 + 80;
    double depthNow = 5;
    double depthBefore = 5 - v[0] * 0.1;
    double xNow = (80 - CAMERA.cx()) / CAMERA.fx() * depthNow;
    double expected = CAMERA.fx() * (xNow + v[1] * 0.1) / depthBefore + CAMERA.cx() - 80;
    assertThat((double) truth.backwardFlow().uv()[2 * centre]).isCloseTo(expected, within(1e-4));
  }

  /** A wall whose surface is the plane x = 9. */
  private static final Body WALL_BEHIND =
      Body.still(new Box(0.5, 50, 50), Placement.at(9.5, 0, 0), GREY);

  @Test
  void everyShapeIsMetWhereItsEquationSays() {
    double root = Math.sqrt(0.75);
    assertThat(new Box(1, 1, 1).enter(-5, 0.5, 0.5, 1, 0, 0)).isEqualTo(4);
    assertThat(new Ellipsoid(2, 1, 1).enter(-5, 0.5, 0, 1, 0, 0)).isCloseTo(5 - 2 * root, tight());
    assertThat(new Cylinder(1, 2).enter(-5, 0.5, 1.9, 1, 0, 0)).isCloseTo(5 - root, tight());
    assertThat(new Cylinder(1, 2).enter(0.3, 0, 7, 0, 0, -1)).isEqualTo(5);
    assertThat(new Capsule(1, 2).enter(-5, 0.5, 1, 1, 0, 0)).isCloseTo(5 - root, tight());
    assertThat(new Capsule(1, 2).enter(0, 0, 7, 0, 0, -1)).isCloseTo(4, tight());
    assertThat(new Capsule(1, 2).enter(-5, 0, 2.5, 1, 0, 0)).isCloseTo(5 - root, tight());
    for (Shape shape :
        List.of(new Box(1, 1, 1), new Ellipsoid(1, 1, 1), new Cylinder(1, 1), new Capsule(1, 1))) {
      assertThat(shape.enter(-5, 3, 0, 1, 0, 0)).as("%s missed", shape).isInfinite();
      assertThat(shape.enter(5, 0, 0, 1, 0, 0)).as("%s behind", shape).isInfinite();
    }
  }

  private static org.assertj.core.data.Offset<Double> tight() {
    return within(1e-12);
  }

  private static Trajectory looking(double x, double y, double z, double yaw) {
    return Trajectory.still(Trajectory.looking(x, y, z, yaw, 0, 0));
  }

  private static SceneTruth truth(Trajectory trajectory, Body... bodies) {
    Scene scene = new Scene(List.of(bodies), LIGHT);
    try (Renderer renderer = new Renderer(CAMERA, 1)) {
      return renderer.truth(scene, PointMotion.Instants.of(trajectory, -0.1, 0, 0.1));
    }
  }
}
