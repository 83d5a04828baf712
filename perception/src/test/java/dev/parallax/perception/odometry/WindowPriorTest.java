package dev.parallax.perception.odometry;

import static dev.parallax.perception.odometry.PointScene.CAMERA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Four keyframes 0.3 m apart; the first hosts all points and leaves. */
class WindowPriorTest {
  private static final int POINTS = 300;
  private static final int KEYFRAMES = 4;

  private final PointScene scene = new PointScene(21, POINTS);
  private final Se3[] truth = new Se3[KEYFRAMES];
  private final RollingShutter shutter = new RollingShutter(CAMERA);
  private final WindowPrior past = new WindowPrior(CAMERA, shutter);
  private final LocalBundleAdjustment adjustment =
      new LocalBundleAdjustment(CAMERA, shutter, past, POINTS);

  private void look(double noisePx) {
    truth[0] = Se3.identity();
    for (int k = 1; k < KEYFRAMES; k++) {
      truth[k] = Se3.exp(new double[] {-0.25, 0.04, -0.15, 0.01, -0.02, 0.015}).times(truth[k - 1]);
      // Slots need not follow the order of time.
      int slot = KEYFRAMES - k;
      scene.window.add(new Keyframe(slot, new Timestamp(1 + k), truth[k], new double[6]));
      for (int i = 0; i < POINTS; i++) {
        double[] uv = scene.pixel(truth[k], i);
        for (int c = 0; c < 2; c++) {
          scene.points.seen[slot][2 * i + c] =
              (float) (uv[c] + noisePx * scene.random.nextGaussian());
        }
      }
    }
    scene.withDepthError(0.1);
    optimise();
  }

  private void optimise() {
    adjustment.begin(scene.window, scene.points, DepthHint.NONE, true);
    adjustment.refine(scene.points).finish(scene.window, scene.points);
  }

  /** The first keyframe leaves, and with it all points. */
  private void theFirstLeaves() {
    Keyframe first = scene.window.keyframes().get(0);
    past.absorb(scene.window, scene.points, first, adjustment.noisePx());
    scene.window.remove(first);
    scene.points.retain(new boolean[POINTS]);
  }

  private double worstDistance() {
    double worst = 0;
    Se3 moved = truth[1].inverse().times(keyframes().get(0).T_cam_odom());
    for (int k = 0; k < keyframes().size(); k++) {
      Se3 expected = truth[k + 1].times(moved);
      worst = Math.max(worst, PointScene.distance(keyframes().get(k).T_cam_odom(), expected));
    }
    return worst;
  }

  private List<Keyframe> keyframes() {
    return scene.window.keyframes();
  }

  private Se3[] poses() {
    return keyframes().stream().map(Keyframe::T_cam_odom).toArray(Se3[]::new);
  }

  private void perturb(double translation, double rotation) {
    for (int k = 1; k < keyframes().size(); k++) {
      double[] d = new double[6];
      for (int c = 0; c < 6; c++) {
        d[c] = (c < 3 ? translation : rotation) * scene.random.nextGaussian();
      }
      scene.window.replacePose(k, Se3.exp(d).times(keyframes().get(k).T_cam_odom()));
    }
  }

  @Test
  void whatALeavingKeyframeSawHoldsTheOthersWhereTheyWere() {
    look(0.3);
    theFirstLeaves();
    double before = worstDistance();
    perturb(0.02, 0.005);
    double perturbed = worstDistance();
    assertThat(perturbed).isGreaterThan(3 * before);

    optimise();

    assertThat(worstDistance()).isLessThan(before + 0.15 * perturbed);
  }

  @Test
  void withoutItNothingWould() {
    look(0.3);
    theFirstLeaves();
    past.clear();
    perturb(0.02, 0.005);
    double perturbed = worstDistance();

    optimise();

    assertThat(worstDistance()).isCloseTo(perturbed, within(0.1 * perturbed));
  }

  @Test
  void theEquationsLeadToTheLeastCost() {
    look(0.3);
    theFirstLeaves();
    perturb(0.01, 0.003);
    WindowEquations equations = new WindowEquations(1);
    equations.resize(keyframes().size(), 1);
    equations.clear();
    equations.addReadoutPrior(0, 1);
    past.addTo(equations, keyframes(), poses(), 1);

    assertThat(equations.solve(0)).isTrue();

    Se3[] best = poses();
    for (int k = 1; k < best.length; k++) {
      double[] step = new double[6];
      equations.poseStep(k, step);
      best[k] = Se3.exp(step).times(best[k]);
    }
    double least = past.cost(keyframes(), best);
    assertThat(least).isLessThan(past.cost(keyframes(), poses()));
    for (int k = 1; k < best.length; k++) {
      for (int c = 0; c < 12; c++) {
        Se3[] beside = best.clone();
        double[] d = new double[6];
        d[c / 2] = c % 2 == 0 ? 0.002 : -0.002;
        beside[k] = Se3.exp(d).times(best[k]);
        assertThat(past.cost(keyframes(), beside)).as("keyframe %d, %d", k, c).isGreaterThan(least);
      }
    }
  }

  @Test
  void neitherAnotherUnitOfLengthNorAnotherOdomChangesWhatItSays() {
    look(0.3);
    theFirstLeaves();
    perturb(0.02, 0.005);
    Se3[] poses = poses();
    double cost = past.cost(keyframes(), poses);
    assertThat(Math.abs(cost)).isGreaterThan(1);

    UnaryOperator<Se3> doubled = T -> T.scaledTranslation(2);
    past.rescale(2, doubled);
    Se3[] larger = Arrays.stream(poses).map(doubled).toArray(Se3[]::new);
    assertThat(past.cost(keyframes(), larger)).isCloseTo(cost, within(1e-6 * Math.abs(cost)));

    UnaryOperator<Se3> moved = T -> T.times(PointScene.MOVED);
    past.move(moved);
    Se3[] elsewhere = Arrays.stream(larger).map(moved).toArray(Se3[]::new);
    assertThat(past.cost(keyframes(), elsewhere)).isCloseTo(cost, within(1e-6 * Math.abs(cost)));
  }

  @Test
  void aHandfulOfPointsTiesNothing() {
    look(0.3);
    boolean[] few = new boolean[POINTS];
    Arrays.fill(few, 0, 9, true);
    scene.points.retain(few);
    past.absorb(scene.window, scene.points, keyframes().get(0), 0.3);

    assertThat(past.isEmpty()).isTrue();
    assertThat(past.cost(keyframes(), truth)).isZero();
  }
}
