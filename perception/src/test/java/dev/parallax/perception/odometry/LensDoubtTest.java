package dev.parallax.perception.odometry;

import static dev.parallax.perception.odometry.PointScene.CAMERA;
import static dev.parallax.perception.odometry.PointScene.MOVED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LensDoubtTest {
  private static final int POINTS = 400;
  private static final double NEARLY_FREE = 100;

  /** What a camera that bends its pictures saw, and what was found of it under a calibration. */
  private static final class Seen {
    final PointScene scene;
    final PinholeCamera given;
    final PoseSolver.Solution solution;

    Seen(long seed, double logFocal, double k1, double noisePx) {
      scene = new PointScene(seed, POINTS).seenFrom(MOVED, noisePx);
      double f = CAMERA.fx() * Math.exp(-logFocal);
      given = new PinholeCamera(CAMERA.width(), CAMERA.height(), f, f, CAMERA.cx(), CAMERA.cy());
      PointTracks points = scene.points;
      bend(points.uv, k1);
      for (int i = 0; i < POINTS; i++) {
        double factor = (1 + k1 * square(points.hostX[i], points.hostY[i])) * Math.exp(logFocal);
        points.hostX[i] *= factor;
        points.hostY[i] *= factor;
      }
      solution =
          new PoseSolver(given, new RollingShutter(given), POINTS)
              .solve(points, scene.window, MOVED, NEARLY_FREE);
    }

    private static void bend(float[] uv, double k1) {
      for (int i = 0; i < POINTS; i++) {
        double x = (uv[2 * i] - CAMERA.cx()) / CAMERA.fx();
        double y = (uv[2 * i + 1] - CAMERA.cy()) / CAMERA.fy();
        uv[2 * i] += (float) (CAMERA.fx() * x * k1 * square(x, y));
        uv[2 * i + 1] += (float) (CAMERA.fy() * y * k1 * square(x, y));
      }
    }

    private static double square(double x, double y) {
      return x * x + y * y;
    }

    void lookedAtBy(LensDoubt doubt) {
      doubt.found(scene.points, scene.window, solution.T_cam_odom(), 0.3);
    }

    /** Rotation that the pose found is off by, over what a calibration that is off explains. */
    double turnOffOverStd(double[] usualStd) {
      LensDoubt doubt = new LensDoubt(given, usualStd);
      lookedAtBy(doubt);
      double[] c = doubt.widened(new double[36]);
      Se3 off = solution.T_cam_odom().inverse().times(MOVED);
      double[] turn = off.rotationVector();
      double alongOff = 0;
      double off2 = 0;
      for (int r = 0; r < 3; r++) {
        off2 += turn[r] * turn[r];
        for (int k = 0; k < 3; k++) {
          alongOff += turn[r] * c[6 * (r + 3) + k + 3] * turn[k];
        }
      }
      assertThat(Math.sqrt(off2)).isGreaterThan(1e-4);
      return off2 / Math.sqrt(alongOff);
    }
  }

  @Test
  void whatAWrongFocalLengthOrLensTurnsThePoseByIsForetold() {
    assertThat(new Seen(1, 0.02, 0, 0).turnOffOverStd(new double[] {0.02, 0}))
        .isCloseTo(1, within(0.2));
    assertThat(new Seen(2, -0.02, 0, 0).turnOffOverStd(new double[] {0.02, 0}))
        .isCloseTo(1, within(0.2));
    assertThat(new Seen(3, 0, -0.03, 0).turnOffOverStd(new double[] {0, 0.03}))
        .isCloseTo(1, within(0.2));
  }

  private static LensDoubt afterTenKeyframes(double logFocal, double k1) {
    LensDoubt doubt = new LensDoubt(new Seen(1, logFocal, k1, 0.1).given, new double[2]);
    for (int seed = 1; seed <= 10; seed++) {
      new Seen(seed, logFocal, k1, 0.1).lookedAtBy(doubt);
      doubt.learn();
    }
    return doubt;
  }

  @Test
  void residualsThatRepeatTellThatTheCalibrationIsOffAndScatterDoesNot() {
    assertThat(afterTenKeyframes(0.1, 0).std()[0]).isBetween(0.05, 0.4);
    assertThat(afterTenKeyframes(0, -0.1).std()[1]).isBetween(0.05, 0.4);

    assertThat(afterTenKeyframes(0, 0).std()[0]).isLessThan(0.02);
    assertThat(afterTenKeyframes(0, 0).std()[1]).isLessThan(0.02);
  }

  @Test
  void theErrorIsCarriedOnFromTheKeyframeAndForgottenWhereThePoseIsRightByDefinition() {
    Seen seen = new Seen(1, 0.02, 0, 0);
    LensDoubt doubt = new LensDoubt(seen.given, new double[] {0.02, 0});
    seen.lookedAtBy(doubt);
    double[] once = doubt.widened(new double[36]);
    doubt.addKeyframe(seen.scene.window.latest());

    seen.lookedAtBy(doubt); // the same step again, from a keyframe that errs
    double[] twice = doubt.widened(new double[36]);

    assertThat(twice[28]).isCloseTo(4 * once[28], within(0.2 * once[28])); // linear, not a walk
    doubt.backTo(seen.scene.window.latest());
    assertThat(doubt.widened(new double[36])).isEqualTo(once);
    doubt.rescale(3, new double[3]);
    assertThat(doubt.widened(new double[36])[0]).isCloseTo(9 * once[0], within(1e-9));
    doubt.clear();
    assertThat(doubt.widened(new double[36])).containsOnly(0);
  }

  @Test
  void whatWholeWindowsToldCountsAlsoWhereATurnBackUndoesTheTurn() {
    Seen seen = new Seen(1, 0.02, 0, 0);
    LensDoubt doubt = new LensDoubt(seen.given, new double[2]);
    doubt.told(Optional.of(new LensError(0.2, 0, 0, 0, 10, 2)));
    seen.lookedAtBy(doubt);
    double alone = doubt.widened(new double[36])[28];

    doubt.addKeyframe(seen.scene.window.latest());
    double withWay = doubt.widened(new double[36])[28];

    assertThat(withWay).isCloseTo(2 * alone, within(1e-9 * alone));
    doubt.told(Optional.empty());
    assertThat(doubt.widened(new double[36])[28]).isLessThan(0.01 * alone);
  }
}
