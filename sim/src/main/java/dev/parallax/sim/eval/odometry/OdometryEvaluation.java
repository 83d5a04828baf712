package dev.parallax.sim.eval.odometry;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.eval.Estimates;
import dev.parallax.sim.eval.EvalReport;
import dev.parallax.sim.eval.EvalReport.Curve;
import dev.parallax.sim.eval.GroundTruth;
import dev.parallax.sim.eval.StampedPose;
import dev.parallax.sim.eval.odometry.TrajectoryError.Alignment;
import java.util.List;
import java.util.Locale;

/** Judges the published poses of a run and writes the figures into a report. */
public final class OdometryEvaluation {
  private static final String GROUP = "odometry";
  private static final int LEAST_PAIRS = 3;
  private static final int LEAST_STEPS_BESIDE = 20;

  private OdometryEvaluation() {}

  public static void judge(Estimates estimates, GroundTruth truth, EvalReport.Builder report) {
    List<StampedPose> poses = estimates.poses();
    List<Timestamp> frames = truth.frameStamps();
    if (poses.isEmpty()) {
      report.missing(GROUP, "the run left no poses (trajectory.tum missing or empty)");
      return;
    }
    if (frames.size() < 2) {
      report.missing(GROUP, "the recording has fewer than 2 pictures, so no frame rate");
      return;
    }
    TrajectoryAssociation association = new TrajectoryAssociation(frames);
    coverage(estimates, frames, association, report);
    if (truth.poses().isEmpty()) {
      report.missing(GROUP, "the recording has no true poses");
      return;
    }
    List<PosePair> pairs = association.associate(poses, truth.poses());
    if (pairs.size() < LEAST_PAIRS) {
      report.missing(
          GROUP,
          "%d of %d poses have a true one within %.1f ms; 3 are needed. Are the stamps of one clock?"
              .formatted(pairs.size(), poses.size(), association.maxGapNs() / 1e6));
      return;
    }
    if (RestDrift.appliesTo(pairs)) {
      rest(pairs, report);
      return;
    }
    judge(pairs, estimates.isMetric(), report);
    consistency(pairs, estimates, report);
    inMap(association.associate(estimates.mapPoses(), truth.poses()), pairs, report);
  }

  /**
   * Tells the run's own error from the truth's by another run over the same recording, which should
   * share nothing with it but the pictures.
   */
  public static void judgeBeside(
      Estimates estimates, Estimates beside, GroundTruth truth, EvalReport.Builder report) {
    if (truth.frameStamps().size() < 2 || truth.poses().isEmpty()) {
      return; // said by the other
    }
    TrajectoryAssociation association = new TrajectoryAssociation(truth.frameStamps());
    List<PosePair> own = association.associate(estimates.poses(), truth.poses());
    List<PosePair> other = association.associate(beside.poses(), truth.poses());
    boolean isEnough = own.size() >= LEAST_PAIRS && other.size() >= LEAST_PAIRS;
    ErrorShares shares =
        ErrorShares.of(own, isEnough ? scale(own) : 1, other, isEnough ? scale(other) : 1);
    if (shares.steps() < LEAST_STEPS_BESIDE) {
      report.missing(
          GROUP,
          "errors of the truth itself: the two runs have %d steps in common; %d are needed"
              .formatted(shares.steps(), LEAST_STEPS_BESIDE));
      return;
    }
    String over = note("RMS over %d steps of 1 frame", shares.steps());
    add(report, "the run's own", shares.own(), over);
    add(report, "the other's own", shares.other(), over);
    add(
        report,
        "both alike",
        shares.common(),
        over + "; the truth's, the calibration's, the pictures'");
  }

  private static double scale(List<PosePair> pairs) {
    return TrajectoryError.of(pairs, Alignment.SIM3).scale();
  }

  private static void add(
      EvalReport.Builder report, String whose, ErrorShares.Share share, String note) {
    report
        .add(GROUP, "RPE rotation, " + whose, share.rotationDeg(), "deg/frame", note)
        .add(GROUP, "RPE translation, scaled, " + whose, share.translationM(), "m/frame", note);
  }

  /**
   * A camera that never moves has no shape to align: what counts is how far the estimate strays.
   */
  private static void rest(List<PosePair> pairs, EvalReport.Builder report) {
    RestDrift drift = RestDrift.of(pairs.stream().map(PosePair::T_odom_cam).toList());
    String over =
        note(
            "largest over %.0f s",
            pairs.get(pairs.size() - 1).stamp().secondsSince(pairs.get(0).stamp()));
    report
        .add(GROUP, "drift at rest, translation", drift.translation(), "unit of the run", over)
        .add(GROUP, "drift at rest, rotation", Math.toDegrees(drift.rotationRad()), "deg", over);
  }

  private static void consistency(
      List<PosePair> pairs, Estimates estimates, EvalReport.Builder report) {
    double scale = TrajectoryError.of(pairs, Alignment.SIM3).scale();
    PoseConsistency found =
        PoseConsistency.of(pairs, scale, pair -> estimates.covariance(pair.stamp()));
    if (found.nees().length == 0) {
      report.missing(GROUP, "NEES: no pose has a covariance (pose_covariance.csv)");
      return;
    }
    report
        .add(
            GROUP,
            "NEES, mean",
            found.mean(),
            "1",
            note("6 if the covariance is right; %d poses", found.nees().length))
        .add(
            GROUP,
            "NEES within its 95 % band",
            100 * found.shareInBand(),
            "%",
            note("%.0f %% above: promised too much", 100 * found.shareAbove()));
  }

  private static void inMap(
      List<PosePair> mapped, List<PosePair> pairs, EvalReport.Builder report) {
    if (mapped.size() < LEAST_PAIRS) {
      return;
    }
    double[] path = KittiDrift.truePathM(pairs);
    double lengthM = path[path.length - 1];
    double odom = TrajectoryError.of(pairs, Alignment.SIM3).rmseM();
    double map = TrajectoryError.of(mapped, Alignment.SIM3).rmseM();
    String of = note("of a path of %.1f m, live poses", lengthM);
    report
        .add(GROUP, "ATE Sim(3) in odom, of the path", 100 * odom / lengthM, "%", of)
        .add(GROUP, "ATE Sim(3) in map", map, "m", "loops closed as they came; live poses")
        .add(GROUP, "ATE Sim(3) in map, of the path", 100 * map / lengthM, "%", of);
  }

  private static void coverage(
      Estimates estimates,
      List<Timestamp> frames,
      TrajectoryAssociation association,
      EvalReport.Builder report) {
    long covered =
        estimates.poses().stream()
            .mapToInt(pose -> association.frameIndex(pose.stamp()))
            .filter(index -> index >= 0)
            .distinct()
            .count();
    report.add(
        GROUP,
        "coverage",
        100.0 * covered / frames.size(),
        "%",
        "%d of %d input frames have a pose".formatted(covered, frames.size()));
    int given = estimates.framesGiven().size();
    if (given > 0 && given != frames.size()) {
      report.add(
          GROUP,
          "coverage of frames given",
          100.0 * covered / given,
          "%",
          "the run was given %d frames of the recording's %d".formatted(given, frames.size()));
    }
  }

  private static void judge(List<PosePair> pairs, boolean metric, EvalReport.Builder report) {
    TrajectoryError sim3 = TrajectoryError.of(pairs, Alignment.SIM3);
    TrajectoryError se3 = TrajectoryError.of(pairs, Alignment.SE3);
    double floorM = ScaleDrift.spread(pairs.stream().map(PosePair::T_world_cam).toList());
    String lengthNote = metric ? "" : "; lengths of the run are relative, not metres";
    report
        .add(
            GROUP,
            "ATE Sim(3)",
            sim3.rmseM(),
            "m",
            note("floor %.4f m, %d poses, max %.4f m", floorM, pairs.size(), sim3.maxM()))
        .add(
            GROUP,
            "ATE SE(3)",
            se3.rmseM(),
            "m",
            note("floor %.4f m, max %.4f m", floorM, se3.maxM()) + lengthNote)
        .add(GROUP, "ATE floor", floorM, "m", "ATE of a camera that never moves")
        .add(GROUP, "scale to truth", sim3.scale(), "1", "the Sim(3) alignment's factor");
    relative(pairs, sim3.scale(), lengthNote, report);
    kitti(pairs, 1, "unaligned", lengthNote, report);
    kitti(pairs, sim3.scale(), "7-DoF aligned", "", report);
    scaleDrift(pairs, report);
    curves(pairs, sim3, se3, report);
  }

  private static void relative(
      List<PosePair> pairs, double scale, String lengthNote, EvalReport.Builder report) {
    RelativePoseError plain = RelativePoseError.of(pairs, 1, 1);
    RelativePoseError scaled = RelativePoseError.of(pairs, 1, scale);
    String steps = note("RMSE over %d steps of 1 frame", plain.steps());
    report
        .add(GROUP, "RPE rotation", plain.rotationRmseDeg(), "deg/frame", steps)
        .add(GROUP, "RPE rotation, mean", plain.rotationMeanDeg(), "deg/frame", "")
        .add(GROUP, "RPE translation", plain.translationRmseM(), "m/frame", steps + lengthNote)
        .add(
            GROUP,
            "RPE translation, scaled",
            scaled.translationRmseM(),
            "m/frame",
            "after the Sim(3) alignment's scale");
  }

  private static void kitti(
      List<PosePair> pairs,
      double scale,
      String variant,
      String lengthNote,
      EvalReport.Builder report) {
    KittiDrift drift = KittiDrift.of(pairs, scale);
    if (drift.segments() == 0) {
      if (scale == 1) {
        report.missing(GROUP, "KITTI t_rel, r_rel: the true path is shorter than a 10 m segment");
      }
      return;
    }
    List<Integer> lengths = drift.lengthsM();
    String note =
        note(
            "%slengths %d..%d m, %d segments%s",
            drift.shortClip() ? "short clip: " : "",
            lengths.get(0),
            lengths.get(lengths.size() - 1),
            drift.segments(),
            lengthNote);
    report
        .add(GROUP, "KITTI t_rel, " + variant, drift.translationPercent(), "%", note)
        .add(GROUP, "KITTI r_rel, " + variant, drift.rotationDegPer100M(), "deg/100m", note);
  }

  private static void scaleDrift(List<PosePair> pairs, EvalReport.Builder report) {
    ScaleDrift drift = ScaleDrift.of(pairs);
    String windows = note("%d windows of %.2f m", drift.atM().length, drift.windowM());
    String over = drift.pathM() < 100 ? note("over %.1f m", drift.pathM()) : "per 100 m";
    report
        .add(GROUP, "scale drift, std of log " + over, drift.stdLog(), "1", windows)
        .add(GROUP, "scale drift, trend of log " + over, drift.trendLog(), "1", windows);
    if (drift.atM().length > 1) {
      report.curve(
          "odometry.local_scale",
          new Curve("true path [m]", "log local scale", drift.atM(), drift.logScale()));
    }
  }

  private static void curves(
      List<PosePair> pairs, TrajectoryError sim3, TrajectoryError se3, EvalReport.Builder report) {
    Timestamp start = pairs.get(0).stamp();
    double[] timeS = pairs.stream().mapToDouble(p -> p.stamp().secondsSince(start)).toArray();
    report
        .curve("odometry.error_sim3", new Curve("time [s]", "error [m]", timeS, sim3.errorM()))
        .curve("odometry.error_se3", new Curve("time [s]", "error [m]", timeS, se3.errorM()));
    double[] truth = new double[3 * pairs.size()];
    for (int i = 0; i < pairs.size(); i++) {
      Se3 T_world_cam = pairs.get(i).T_world_cam();
      System.arraycopy(T_world_cam.translation(), 0, truth, 3 * i, 3);
    }
    int hidden = flattestAxis(truth);
    report
        .curve("odometry.path_true", view(truth, hidden))
        .curve("odometry.path_estimated", view(sim3.alignedM(), hidden));
  }

  /** The path seen along one axis of the true world. */
  private static Curve view(double[] xyz, int hiddenAxis) {
    int a = hiddenAxis == 0 ? 1 : 0;
    int b = hiddenAxis == 2 ? 1 : 2;
    double[] x = new double[xyz.length / 3];
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = xyz[3 * i + a];
      y[i] = xyz[3 * i + b];
    }
    return new Curve("xyz".charAt(a) + " [m]", "xyz".charAt(b) + " [m]", x, y);
  }

  /**
   * The axis of the true world along which the path spreads least: recordings disagree on which way
   * is up, but a camera that is carried or driven moves least along it.
   */
  private static int flattestAxis(double[] xyz) {
    double[] low = {xyz[0], xyz[1], xyz[2]};
    double[] high = low.clone();
    for (int i = 0; i < xyz.length; i++) {
      low[i % 3] = Math.min(low[i % 3], xyz[i]);
      high[i % 3] = Math.max(high[i % 3], xyz[i]);
    }
    int flattest = 0;
    for (int axis = 1; axis < 3; axis++) {
      if (high[axis] - low[axis] < high[flattest] - low[flattest]) {
        flattest = axis;
      }
    }
    return flattest;
  }

  private static String note(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
