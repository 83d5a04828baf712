package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.Covariance6;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a calibration that is a little off makes of the pose. A focal length or a lens that is wrong
 * bends every picture alike, so that its share of the error does not average out but grows with the
 * way and the turn: the pose's derivatives by both are carried along from keyframe to keyframe, and
 * the covariance takes them times how far the calibration may be off (consider covariance, Schmidt
 * 1966). That is what calibrations usually are off by, or what the pictures themselves tell, pose
 * by pose ({@link LensEvidence}) or window by window ({@link LensCheck}), whichever is most. Agent
 * thread only.
 *
 * <p>With g how the seen pixels change with the calibration, J with the pose, the pose found is off
 * by (J'WJ)^-1 J'W g, the depths eliminated. Depths are free here: what they are held to was learnt
 * under the same calibration and errs along. Rows are taken as read at once.
 */
final class LensDoubt {
  /** The logarithm of the focal length, and the first radial coefficient k1 (Brown 1966). */
  static final int PARAMETERS = 2;

  private final LensEquations equations;
  private final LensEvidence evidence = new LensEvidence();
  private final SymmetricSolver solver = new SymmetricSolver(6);
  private final double[] usualStd;
  private double[] foundOff = new double[PARAMETERS];
  private final double[][] swept = new double[PARAMETERS][6]; // ways that the derivatives went
  private final double[][] atKeyframe = new double[PARAMETERS][6];
  private final double[][] present = new double[PARAMETERS][6]; // left perturbation in odom
  private final double[][][] ofSlot = new double[PointTracks.SLOTS][PARAMETERS][6];

  /**
   * @param usualStd {@code [2]} how far the log of the focal length, and k1, may be off
   */
  LensDoubt(PinholeCamera camera, double[] usualStd) {
    equations = new LensEquations(camera);
    this.usualStd = usualStd.clone();
  }

  /** A pose was found: what the calibration's error does to it. */
  void found(PointTracks points, KeyframeWindow window, Se3 T_cam_odom, double noisePx) {
    equations.fill(points, window, T_cam_odom, noisePx, ofSlot);
    double[] toOdom = Covariance6.adjoint(T_cam_odom.inverse());
    double[] inCam = new double[6];
    for (int k = 0; k < PARAMETERS; k++) {
      if (solver.solve(equations.hessian, equations.right[k], LensEquations.DAMPING, inCam)) {
        present[k] = PoseCovariance.times(toOdom, inCam);
      }
    }
  }

  /** The present picture became a keyframe. */
  void addKeyframe(Keyframe keyframe) {
    for (int k = 0; k < PARAMETERS; k++) {
      ofSlot[keyframe.slot()][k] = present[k].clone();
      for (int c = 0; c < 6; c++) {
        swept[k][c] += Math.abs(present[k][c] - atKeyframe[k][c]);
      }
      atKeyframe[k] = present[k].clone();
    }
  }

  /** Remembers what the picture whose pose was found last tells of the calibration. */
  void learn() {
    evidence.add(equations);
  }

  /** The pose is taken to be that of a keyframe again. */
  void backTo(Keyframe keyframe) {
    for (int k = 0; k < PARAMETERS; k++) {
      present[k] = ofSlot[keyframe.slot()][k].clone();
      atKeyframe[k] = present[k].clone();
    }
  }

  /** The present pose is right by definition. */
  void clear() {
    for (int k = 0; k < PARAMETERS; k++) {
      Arrays.fill(present[k], 0);
      Arrays.fill(atKeyframe[k], 0);
      Arrays.fill(swept[k], 0);
      for (double[][] slot : ofSlot) {
        Arrays.fill(slot[k], 0);
      }
    }
  }

  /** Another unit of length, lengths multiplied as seen from a point of odom that stays. */
  void rescale(double factor, double[] fixed_odom) {
    double[] change = PoseCovariance.rescaling(factor, fixed_odom);
    for (int k = 0; k < PARAMETERS; k++) {
      present[k] = PoseCovariance.times(change, present[k]);
      atKeyframe[k] = PoseCovariance.times(change, atKeyframe[k]);
      for (int c = 0; c < 3; c++) {
        swept[k][c] *= factor;
      }
      for (double[][] slot : ofSlot) {
        slot[k] = PoseCovariance.times(change, slot[k]);
      }
    }
  }

  /** What whole windows of keyframes tell, in place of what they told before. */
  void told(Optional<LensError> error) {
    foundOff = error.map(LensDoubt::off).orElse(new double[PARAMETERS]);
  }

  private static double[] off(LensError error) {
    return new double[] {
      Math.hypot(error.logFocal(), error.logFocalStd()), Math.hypot(error.k1(), error.k1Std())
    };
  }

  /** {@code [2]} how far the log of the focal length, and k1, may be off, one std. */
  double[] std() {
    double[] told = evidence.excess();
    double[] std = new double[PARAMETERS];
    for (int k = 0; k < PARAMETERS; k++) {
      std[k] = Math.max(foundOff[k], Math.max(usualStd[k], told[k]));
    }
    return std;
  }

  /**
   * Adds what the calibration may be off by to the covariance of the present pose. What whole
   * windows told is no small error, of which a turn back would take off what the turn brought: it
   * counts once more, along the whole way that its derivatives went.
   *
   * @param covariance {@code [6 6]} left perturbation in odom; left as it is
   */
  double[] widened(double[] covariance) {
    double[] std = std();
    double[] result = covariance.clone();
    for (int k = 0; k < PARAMETERS; k++) {
      for (int r = 0; r < 6; r++) {
        for (int c = 0; c < 6; c++) {
          result[6 * r + c] += std[k] * std[k] * present[k][r] * present[k][c];
        }
        double sweptOff = foundOff[k] * swept[k][r];
        result[7 * r] += sweptOff * sweptOff;
      }
    }
    return result;
  }
}
