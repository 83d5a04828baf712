package dev.parallax.perception.odometry;

import static dev.parallax.perception.odometry.PointScene.CAMERA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A window of five keyframes 0.3 m apart; half the points are hosted in the first, half later. */
class LocalBundleAdjustmentTest {
  private static final int POINTS = 300;
  private static final int KEYFRAMES = 5;

  private final Se3[] truth = new Se3[KEYFRAMES];

  /** Points as every keyframe sees them, and the window with its true poses. */
  private PointScene scene(double noisePx) {
    PointScene scene = new PointScene(11, POINTS);
    truth[0] = Se3.identity();
    for (int k = 1; k < KEYFRAMES; k++) {
      truth[k] = Se3.exp(new double[] {-0.25, 0.04, -0.15, 0.01, -0.02, 0.015}).times(truth[k - 1]);
      // Slots need not follow the order of time.
      scene.window.add(new Keyframe(KEYFRAMES - k, new Timestamp(1 + k), truth[k], new double[6]));
    }
    rehostHalf(scene);
    for (Keyframe keyframe : scene.window.keyframes()) {
      for (int i = 0; i < POINTS; i++) {
        double noise = keyframe.slot() == scene.points.host[i] ? 0 : noisePx;
        double[] uv = scene.pixel(keyframe.T_cam_odom(), i);
        scene.points.seen[keyframe.slot()][2 * i] =
            (float) (uv[0] + noise * scene.random.nextGaussian());
        scene.points.seen[keyframe.slot()][2 * i + 1] =
            (float) (uv[1] + noise * scene.random.nextGaussian());
      }
    }
    return scene;
  }

  private static void rehostHalf(PointScene scene) {
    Keyframe third = scene.window.keyframes().get(2);
    for (int i = POINTS / 2; i < POINTS; i++) {
      double z = 1 / scene.trueRho[i];
      double[] p =
          third.T_cam_odom().transform(scene.points.hostX[i] * z, scene.points.hostY[i] * z, z);
      scene.points.host[i] = third.slot();
      scene.points.hostX[i] = p[0] / p[2];
      scene.points.hostY[i] = p[1] / p[2];
      scene.trueRho[i] = 1 / p[2];
      scene.points.rho[i] = 1 / p[2];
    }
  }

  private static void perturbPoses(PointScene scene) {
    perturbPoses(scene, 0.02, 0.005);
  }

  private static void perturbPoses(PointScene scene, double translationStd, double rotationStd) {
    for (int k = 1; k < KEYFRAMES; k++) {
      double[] d = new double[6];
      for (int c = 0; c < 6; c++) {
        d[c] = (c < 3 ? translationStd : rotationStd) * scene.random.nextGaussian();
      }
      scene.window.replacePose(k, Se3.exp(d).times(scene.window.keyframes().get(k).T_cam_odom()));
    }
  }

  /** Of a window that nothing has left yet. */
  private static LocalBundleAdjustment adjustment(RollingShutter shutter, int points) {
    WindowPrior past = new WindowPrior(CAMERA, shutter);
    return new LocalBundleAdjustment(CAMERA, shutter, past, points);
  }

  private static void optimise(PointScene scene) {
    optimise(adjustment(new RollingShutter(CAMERA), POINTS), scene);
  }

  private static void optimise(LocalBundleAdjustment adjustment, PointScene scene) {
    optimise(adjustment, scene, true);
  }

  private static void optimise(
      LocalBundleAdjustment adjustment, PointScene scene, boolean isDepthKnown) {
    adjustment.begin(scene.window, scene.points, DepthHint.NONE, isDepthKnown);
    adjustment.refine(scene.points).finish(scene.window, scene.points);
  }

  /** In the truth's unit of length: only what is believed of depths holds that of the window. */
  private double worstDistance(PointScene scene) {
    double unit = unit(scene);
    double worst = 0;
    for (int k = 0; k < KEYFRAMES; k++) {
      Se3 pose = scene.window.keyframes().get(k).T_cam_odom().scaledTranslation(1 / unit);
      worst = Math.max(worst, PointScene.distance(pose, truth[k]));
    }
    return worst;
  }

  /** How long the whole way is, over how long it was in truth. */
  private double unit(PointScene scene) {
    return scene.window.latest().T_cam_odom().distance() / truth[KEYFRAMES - 1].distance();
  }

  @Test
  void aPerturbedWindowReturnsToTheTruthWithTheOldestPoseUntouched() {
    PointScene scene = scene(0).withDepthError(0.1);
    perturbPoses(scene);
    assertThat(worstDistance(scene)).isGreaterThan(0.02);

    optimise(scene);

    assertThat(scene.window.keyframes().get(0).T_cam_odom()).isEqualTo(truth[0]);
    assertThat(worstDistance(scene)).isLessThan(1e-3);
    assertThat(unit(scene)).isCloseTo(1, within(0.01));
    for (int k = 1; k < KEYFRAMES; k++) {
      assertThat(PointScene.angleRad(scene.window.keyframes().get(k).T_cam_odom(), truth[k]))
          .isLessThan(2e-4);
    }
    double sum = 0;
    for (int i = 0; i < POINTS; i++) {
      sum += Math.abs(scene.points.rho[i] / scene.trueRho[i] - 1) / POINTS;
    }
    assertThat(sum).as("mean relative error of the depths").isLessThan(0.01);
  }

  /** As where the second keyframe came two pictures after the first. */
  @Test
  void aYoungWindowDoesNotKeepAWrongStart() {
    PointScene scene = scene(0.3).withDepthError(0.2);
    perturbPoses(scene, 0.05, 0.02);
    assertThat(worstDistance(scene)).isGreaterThan(0.05);

    optimise(scene);

    assertThat(worstDistance(scene)).isLessThan(0.01);
    assertThat(unit(scene)).isCloseTo(1, within(0.05));
  }

  @Test
  void whileNoDepthIsKnownTheSecondPoseHoldsTheUnitOfLength() {
    PointScene scene = scene(0.3).withDepthError(0.2);
    perturbPoses(scene);
    Se3 second = scene.window.keyframes().get(1).T_cam_odom();

    optimise(adjustment(new RollingShutter(CAMERA), POINTS), scene, false);

    assertThat(scene.window.keyframes().get(1).T_cam_odom()).isEqualTo(second);
  }

  @Test
  void aTenthOfWrongTracksDoesNotBendTheWindow() {
    PointScene scene = scene(0.3).withDepthError(0.1);
    for (int i = 0; i < POINTS; i += 10) {
      for (Keyframe keyframe : scene.window.keyframes()) {
        if (keyframe.slot() != scene.points.host[i]) {
          scene.points.seen[keyframe.slot()][2 * i] += 25;
        }
      }
    }
    perturbPoses(scene);

    optimise(scene);

    assertThat(worstDistance(scene)).isLessThan(0.01);
  }

  @Test
  void pointsThatAKeyframeDidNotSeeAreLeftOutThere() {
    PointScene scene = scene(0).withDepthError(0.1);
    int newest = scene.window.latest().slot();
    for (int i = 0; i < POINTS; i += 2) {
      scene.points.seen[newest][2 * i] = Float.NaN;
      scene.points.seen[newest][2 * i + 1] = Float.NaN;
    }
    perturbPoses(scene);

    optimise(scene);

    assertThat(worstDistance(scene)).isLessThan(1e-3);
  }

  @Test
  void seenDepthsGetSurerButNeverCertain() {
    PointScene scene = scene(0).withDepthError(0.1);
    double[] before = scene.points.variance.clone();

    optimise(scene);

    for (int i = 0; i < POINTS; i++) {
      assertThat(scene.points.variance[i]).isLessThan(before[i]);
      assertThat(Math.sqrt(scene.points.variance[i]))
          .isGreaterThanOrEqualTo(0.00299 * scene.points.rho[i]);
    }
  }

  /** The camera turns differently at each keyframe; the host of the points stands still. */
  private static double readoutLearntS(double readoutS) {
    PointScene scene = new PointScene(13, POINTS);
    for (int k = 1; k < KEYFRAMES; k++) {
      double[] twist = {0.2, 0, 0.1, k % 2 == 0 ? 1 : -0.6, 0.4 * k, -0.3};
      Se3 T_cam_odom = Se3.exp(new double[] {-0.2 * k, 0.03, -0.1 * k, 0, -0.02 * k, 0.01});
      scene.window.add(new Keyframe(k, new Timestamp(1 + k), T_cam_odom, twist));
      for (int i = 0; i < POINTS; i++) {
        double[] uv = scene.rolledPixel(T_cam_odom, i, twist, readoutS);
        scene.points.seen[k][2 * i] = (float) (uv[0] + 0.2 * scene.random.nextGaussian());
        scene.points.seen[k][2 * i + 1] = (float) (uv[1] + 0.2 * scene.random.nextGaussian());
      }
    }
    RollingShutter shutter = new RollingShutter(CAMERA);
    LocalBundleAdjustment adjustment = adjustment(shutter, POINTS);
    for (int keyframe = 0; keyframe < 30; keyframe++) {
      optimise(adjustment, scene);
    }
    return shutter.readoutS();
  }

  @Test
  void theTimeThatAPictureIsReadOutIsLearnt() {
    assertThat(readoutLearntS(0.02)).isCloseTo(0.02, within(0.002));
  }

  @Test
  void picturesTakenAtOnceAreTakenForThat() {
    assertThat(readoutLearntS(0)).isLessThan(0.001);
  }

  @Test
  void aSingleKeyframeIsLeftAsItIs() {
    PointScene scene = new PointScene(12, 50).withDepthError(0.1);
    double[] before = scene.points.rho.clone();

    optimise(adjustment(new RollingShutter(CAMERA), 50), scene);

    assertThat(scene.points.rho).containsExactly(before);
    assertThat(scene.window.keyframes())
        .extracting(Keyframe::T_cam_odom)
        .isEqualTo(List.of(Se3.identity()));
  }
}
