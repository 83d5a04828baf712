package dev.parallax.perception.odometry;

import static dev.parallax.perception.odometry.PointScene.CAMERA;
import static dev.parallax.perception.odometry.PointScene.MOVED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.odometry.PoseSolver.Solution;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PoseSolverTest {
  /** So small a variance that depths stay as believed. */
  private static final double HELD = 1e-9;

  private static Solution solve(PointScene scene, Se3 guess, double depthVarianceFactor) {
    return new PoseSolver(CAMERA, new RollingShutter(CAMERA), scene.points.capacity)
        .solve(scene.points, scene.window, guess, depthVarianceFactor);
  }

  @Test
  void exactPointsGiveTheExactPose() {
    PointScene scene = new PointScene(1, 300).seenFrom(MOVED, 0);

    Solution solution = solve(scene, Se3.identity(), 4);

    assertThat(PointScene.distance(solution.T_cam_odom(), MOVED)).isLessThan(1e-4);
    assertThat(PointScene.angleRad(solution.T_cam_odom(), MOVED)).isLessThan(1e-5);
    assertThat(solution.inliers()).isEqualTo(300);
  }

  @Test
  void noiseOfHalfAPixelMovesThePoseByMillimetres() {
    PointScene scene = new PointScene(2, 400).seenFrom(MOVED, 0.5);

    Solution solution = solve(scene, Se3.identity(), 1);

    assertThat(PointScene.distance(solution.T_cam_odom(), MOVED)).isLessThan(0.01);
    assertThat(PointScene.angleRad(solution.T_cam_odom(), MOVED)).isLessThan(0.002);
    // Free depths take up one of the two components: the median of |N(0, 0.5)|, over 1.1774.
    assertThat(solution.noisePx()).isCloseTo(0.286, within(0.04));
    assertThat(solution.inliers()).isGreaterThan(350);
  }

  @Test
  void aThirdOfOutliersDoesNotMoveThePose() {
    PointScene scene = new PointScene(3, 400).seenFrom(MOVED, 0.3);
    for (int i = 0; i < 120; i++) {
      scene.points.uv[2 * i] = 640 * scene.random.nextFloat();
      scene.points.uv[2 * i + 1] = 480 * scene.random.nextFloat();
    }

    Solution solution = solve(scene, Se3.identity(), 1);

    assertThat(PointScene.distance(solution.T_cam_odom(), MOVED)).isLessThan(0.01);
    assertThat(PointScene.angleRad(solution.T_cam_odom(), MOVED)).isLessThan(0.002);
    assertThat(solution.inliers()).isBetween(260, 300);
  }

  /** A camera that turns at a radian a second and reads its rows over 20 ms. */
  private static double errorM(double readoutS) {
    PointScene scene = new PointScene(7, 300);
    double[] twist = {0.3, 0, 0.1, 0.9, 0.4, -0.2};
    double[] before = twist.clone();
    for (int k = 0; k < 6; k++) {
      before[k] *= -1 / 30.0;
    }
    for (int i = 0; i < scene.points.count; i++) {
      double[] uv = scene.rolledPixel(MOVED, i, twist, 0.02);
      scene.points.uv[2 * i] = (float) uv[0];
      scene.points.uv[2 * i + 1] = (float) uv[1];
    }
    RollingShutter shutter = new RollingShutter(CAMERA);
    shutter.setReadoutS(readoutS);
    shutter.begin(Se3.exp(before).times(MOVED), 1 / 30.0);
    PoseSolver solver = new PoseSolver(CAMERA, shutter, scene.points.capacity);
    Solution solution = solver.solve(scene.points, scene.window, MOVED, 1);
    return PointScene.distance(solution.T_cam_odom(), MOVED);
  }

  @Test
  void rowsReadOneAfterAnotherMoveThePoseOnlyIfTheReadoutIsNotKnown() {
    assertThat(errorM(0.02)).isLessThan(0.002);
    assertThat(errorM(0)).isGreaterThan(0.01);
  }

  @Test
  void aCameraThatDidNotMoveIsFoundNotToHaveMoved() {
    PointScene scene = new PointScene(4, 400).seenFrom(Se3.identity(), 0.3).withDepthError(0.3);

    Solution solution = solve(scene, Se3.identity(), 4);

    assertThat(solution.T_cam_odom().distance()).isLessThan(0.005);
    assertThat(solution.T_cam_odom().angleRad()).isLessThan(0.001);
  }

  @Test
  void noisyDepthsShrinkTheStepOnlyWhenTheyAreHeldFixed() {
    Se3 aside = Se3.ofTranslation(-0.3, 0, 0);
    double held = 0;
    double joint = 0;
    int trials = 20;
    for (int seed = 0; seed < trials; seed++) {
      PointScene scene = new PointScene(seed, 300).seenFrom(aside, 0.3).withDepthError(0.3);
      held += solve(scene, aside, HELD).T_cam_odom().tx() / aside.tx() / trials;
      joint += solve(scene, aside, 1).T_cam_odom().tx() / aside.tx() / trials;
    }

    // Least squares on a regressor with 30 % of noise is short by about 0.3^2.
    assertThat(held).isLessThan(0.96);
    assertThat(joint).isCloseTo(1, within(0.02));
  }

  @Test
  void jointDepthsComeNearerTheTruthThanTheBeliefs() {
    PointScene scene = new PointScene(5, 300).seenFrom(MOVED, 0.1).withDepthError(0.3);
    PoseSolver solver = new PoseSolver(CAMERA, new RollingShutter(CAMERA), 300);

    solver.solve(scene.points, scene.window, Se3.identity(), 1);

    assertThat(medianRelativeError(scene, solver))
        .isLessThan(0.25 * medianRelativeError(scene, null));
  }

  /** A street: the camera drives a metre ahead, and four points in ten drive three along. */
  @Test
  void whatDrivesAlongDoesNotTurnTheCameraWhereItsLinesCount() {
    Se3 ahead = Se3.exp(new double[] {0, 0, -0.1, 0, 0.02, 0});
    Se3 overtaken = Se3.exp(new double[] {0, 0, 0.2, 0, 0.02, 0});
    PointScene scene = new PointScene(11, 400).seenFrom(ahead, 0.2);
    for (int i = 0; i < 160; i++) {
      double[] uv = scene.pixel(overtaken, i);
      scene.points.uv[2 * i] = (float) uv[0];
      scene.points.uv[2 * i + 1] = (float) uv[1];
    }
    Arrays.fill(scene.points.rho, 0.25);
    Arrays.fill(scene.points.variance, 0.0225);
    PoseSolver solver = new PoseSolver(CAMERA, new RollingShutter(CAMERA), 400);

    Solution either = solver.solve(scene.points, scene.window, ahead, 160, DepthSide.EITHER_SIDE);
    double[] depths = solver.nearestDepths(scene.points, scene.window, ahead);
    Solution front = solver.solve(scene.points, scene.window, ahead, 160, DepthSide.AHEAD);

    assertThat(either.inliers()).isGreaterThan(380);
    assertThat(front.inliers()).isLessThan(300);
    assertThat(Arrays.stream(depths, 0, 160)).allMatch(d -> d < 0);
    assertThat(Arrays.stream(depths, 160, 400).filter(d -> d > 0).count()).isGreaterThan(235);
    Se3 turn = either.T_cam_odom().times(ahead.inverse());
    assertThat(turn.angleRad()).isLessThan(0.001);
  }

  @Test
  void pointsLeftOutTakeNoPart() {
    PointScene scene = new PointScene(12, 300).seenFrom(MOVED, 0.1);
    boolean[] out = new boolean[300];
    for (int i = 0; i < 200; i++) {
      out[i] = true;
      scene.points.uv[2 * i] += 40;
    }
    PoseSolver solver = new PoseSolver(CAMERA, new RollingShutter(CAMERA), 300);
    solver.leaveOut(out);

    Solution solution = solver.solve(scene.points, scene.window, Se3.identity(), 1);

    assertThat(PointScene.distance(solution.T_cam_odom(), MOVED)).isLessThan(0.01);
    assertThat(solution.inliers()).isBetween(90, 100);
    assertThat(solver.nearestDepths(scene.points, scene.window, MOVED)[0]).isNaN();
  }

  /** Where a turn brings in new points, which all are taken to be as far as the others. */
  @Test
  void depthsThatShareAGuessTellNoLengthIfTheyAreSilent() {
    Se3 aside = Se3.ofTranslation(-0.1, 0, 0);
    PointScene scene = new PointScene(13, 500).seenFrom(aside, 0.3).withDepthError(0.3);
    boolean[] guessed = new boolean[500];
    for (int i = 0; i < 300; i++) {
      guessed[i] = true;
      scene.points.rho[i] *= 3;
      scene.points.variance[i] = 0.36 * scene.points.rho[i] * scene.points.rho[i];
    }
    scene.points.uv[0] += 40; // an outlier, along no line of this step
    scene.points.uv[1] += 40;
    PoseSolver solver = new PoseSolver(CAMERA, new RollingShutter(CAMERA), 500);

    Solution all = solver.solve(scene.points, scene.window, aside, 4);
    Solution told = solver.solveWithout(guessed, scene.points, scene.window, aside, 4);

    assertThat(all.T_cam_odom().tx() / aside.tx()).isLessThan(0.9);
    assertThat(told.T_cam_odom().tx() / aside.tx()).isCloseTo(1, within(0.03));
    assertThat(told.inliers()).isBetween(450, 499);
    assertThat(solver.isInlier(0, told.noisePx())).isFalse();
  }

  private static double medianRelativeError(
      PointScene scene, @org.jspecify.annotations.Nullable PoseSolver solver) {
    double[] errors = new double[scene.points.count];
    for (int i = 0; i < errors.length; i++) {
      double rho = solver == null ? scene.points.rho[i] : solver.rho(i);
      errors[i] = Math.abs(rho / scene.trueRho[i] - 1);
    }
    Arrays.sort(errors);
    return errors[errors.length / 2];
  }

  /**
   * Near the solution the cost grows as d' H d. Since costs and Hessian come from different code,
   * this checks every Jacobian by numeric differentiation.
   */
  @Test
  void theHessianIsTheCurvatureOfTheCost() {
    PointScene scene = new PointScene(6, 200).seenFrom(MOVED, 0);
    Arrays.fill(scene.points.variance, 1e-12);
    PoseSolver solver = new PoseSolver(CAMERA, new RollingShutter(CAMERA), 200);
    Solution solution = solver.solve(scene.points, scene.window, MOVED, 1);
    assertThat(solution.noisePx()).isEqualTo(0.25);
    Random random = new Random(7);
    for (int trial = 0; trial < 20; trial++) {
      double[] d = new double[6];
      for (int k = 0; k < 6; k++) {
        d[k] = 1e-5 * random.nextGaussian();
      }
      double expected = 0;
      for (int k = 0; k < 36; k++) {
        expected += d[k / 6] * solution.hessian()[k] * d[k % 6];
      }

      double cost = 200 * solver.costOf(scene.points, scene.window, Se3.exp(d).times(MOVED), 0.25);

      assertThat(cost).isCloseTo(expected, within(0.01 * expected));
    }
  }

  @Test
  void freeDepthsLeaveTheHessianNoMoreThanHeldOnes() {
    PointScene scene = new PointScene(8, 200).seenFrom(MOVED, 0);

    double[] free = solve(scene, MOVED, 1).hessian();
    double[] held = solve(scene, MOVED, HELD).hessian();

    for (int k = 0; k < 6; k++) {
      assertThat(free[7 * k]).isPositive().isLessThan(held[7 * k]);
    }
  }

  @Test
  void pointsBehindTheCameraAreOutliersAndNothingElse() {
    PointScene scene = new PointScene(9, 200).seenFrom(MOVED, 0);
    for (int i = 0; i < 20; i++) {
      scene.points.rho[i] = 50; // 2 cm before the host, behind a camera that went forward
    }

    Solution solution = solve(scene, MOVED, 1);

    assertThat(PointScene.distance(solution.T_cam_odom(), MOVED)).isLessThan(1e-3);
    assertThat(solution.inliers()).isEqualTo(180);
    assertThat(solution.hessian()).doesNotContain(Double.NaN);
  }

  @Test
  void noPointsLeaveTheGuess() {
    PointScene scene = new PointScene(10, 0);

    Solution solution = solve(scene, MOVED, 1);

    assertThat(PointScene.distance(solution.T_cam_odom(), MOVED)).isLessThan(1e-12);
    assertThat(solution.inliers()).isZero();
  }
}
