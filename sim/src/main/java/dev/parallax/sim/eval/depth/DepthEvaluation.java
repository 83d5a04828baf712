package dev.parallax.sim.eval.depth;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.eval.Estimates;
import dev.parallax.sim.eval.EvalReport;
import dev.parallax.sim.eval.EvalReport.Curve;
import dev.parallax.sim.eval.GroundTruth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Judges the depth of a run and writes the figures into a report. One use. */
public final class DepthEvaluation {
  private static final String GROUP = "depth";

  /** Enough for a mean; the search for neighbours is the slowest measure by far. */
  private static final int MOST_CLOUDS = 100;

  private final Estimates estimates;
  private final GroundTruth truth;
  private final EvalReport.Builder report;
  private final TruePoses truePoses;
  private final List<double[]> absRelOverTime = new ArrayList<>();
  private final EdgeScore edges = new EdgeScore();
  private final TemporalAlignmentError consistency = new TemporalAlignmentError();
  private final TemporalAlignmentError truthConsistency = new TemporalAlignmentError();
  private long pixels;
  private long pixelsWithTruth;
  private long pixelsWithBoth;
  private int frames;
  private int framesNotEmpty;
  private @Nullable DepthFrame previous;

  private DepthEvaluation(Estimates estimates, GroundTruth truth, EvalReport.Builder report) {
    this.estimates = estimates;
    this.truth = truth;
    this.report = report;
    truePoses = new TruePoses(truth, estimates.depthStamps());
  }

  /**
   * @return metres in the estimate's unit of length by the median scale of the clip, NaN where no
   *     depth could be judged
   */
  public static double judge(Estimates estimates, GroundTruth truth, EvalReport.Builder report) {
    PinholeCamera camera = truth.camera();
    if (estimates.depthStamps().isEmpty()) {
      report.missing(GROUP, "the run left no depth (depth/ missing or empty)");
    } else if (camera == null) {
      report.missing(GROUP, "the recording has no true depth");
    } else {
      return new DepthEvaluation(estimates, truth, report)
          .judge(new DepthFrames(estimates, truth, camera));
    }
    return Double.NaN;
  }

  private double judge(DepthFrames clip) {
    AlignmentFit fit = new AlignmentFit();
    clip.forEach(fit::add);
    if (fit.pixels() == 0) {
      report.missing(
          GROUP, "no pixel has both an estimated and a true depth. Are the stamps of one clock?");
      return Double.NaN;
    }
    DepthAlignment.MedianScale scaled = fit.medianScale();
    List<DepthError> errors = fit.all().stream().map(DepthError::new).toList();
    // Metres are judged as published, relative depth after one scale.
    DepthAlignment own = estimates.isMetric() ? new DepthAlignment.AsPublished() : scaled;
    StdCalibration std = new StdCalibration(scaled);
    SignedError signed = new SignedError(scaled);
    PointCloudScore cloud = new PointCloudScore(own);
    PointCloudScore scaledCloud = new PointCloudScore(scaled);
    int cloudEvery = 1 + (estimates.depthStamps().size() - 1) / MOST_CLOUDS;
    clip.forEach(
        frame -> {
          count(frame);
          double[] absRel = errors.stream().mapToDouble(e -> e.add(frame)).toArray();
          absRelOverTime.add(new double[] {frame.stamp().seconds(), absRel[0], absRel[1]});
          std.add(frame);
          signed.add(frame);
          edges.add(frame);
          if (frames % cloudEvery == 0) {
            cloud.add(frame);
            scaledCloud.add(frame);
          }
          follow(frame, scaled);
          frames++;
        });
    reportErrors(errors, scaled);
    reportSigned(signed.result());
    reportClouds(cloud, scaledCloud);
    reportEdges();
    reportConsistency();
    reportStd(std);
    reportOverTime();
    return scaled.scale();
  }

  private void count(DepthFrame frame) {
    long before = pixelsWithBoth;
    pixels += frame.truthM().length;
    for (int i = 0; i < frame.truthM().length; i++) {
      pixelsWithTruth += frame.truthM()[i] > 0 ? 1 : 0;
      pixelsWithBoth += frame.isKnown(i) ? 1 : 0;
    }
    framesNotEmpty += pixelsWithBoth > before ? 1 : 0;
  }

  /** Holds a frame against the one before it, if that was the input picture just before. */
  private void follow(DepthFrame frame, DepthAlignment scaled) {
    DepthFrame before = previous;
    previous = frame;
    Se3 T_now_then = before == null ? null : truePoses.T_now_then(before.stamp(), frame.stamp());
    if (before == null || T_now_then == null) {
      return;
    }
    consistency.add(frame.camera(), before.metres(scaled), frame.metres(scaled), T_now_then);
    truthConsistency.add(frame.camera(), before.truthM(), frame.truthM(), T_now_then);
  }

  private void reportErrors(List<DepthError> errors, DepthAlignment.MedianScale scaled) {
    int input = truth.frameStamps().size();
    String origin = truth.depthOrigin();
    report
        .add(
            GROUP,
            "pixels with a true depth",
            100.0 * pixelsWithTruth / pixels,
            "%",
            note("%d pixels", pixelsWithTruth) + (origin == null ? "" : ", " + origin))
        .add(
            GROUP,
            "frames with depth",
            100.0 * framesNotEmpty / input,
            "%",
            note(
                "%d of %d input frames have a depth to judge, %d an empty one",
                framesNotEmpty, input, frames - framesNotEmpty))
        .add(
            GROUP,
            "density",
            (double) pixelsWithBoth / pixelsWithTruth,
            "1",
            "share of pixels with a true depth that have an estimate, empty frames included")
        .add(GROUP, "median scale", scaled.scale(), "1", "true over estimated depth, whole clip");
    for (DepthError error : errors) {
      DepthError.Result result = error.result();
      String label = ", " + error.alignment().label();
      boolean relative =
          !estimates.isMetric() && error.alignment() instanceof DepthAlignment.AsPublished;
      String pixels = relative ? "relative depth, not metres" : "";
      report
          .add(GROUP, "AbsRel" + label, result.absRel(), "1", pixels)
          .add(GROUP, "RMSE" + label, result.rmseM(), "m", pixels)
          .add(GROUP, "MAE" + label, result.maeM(), "m", pixels)
          .add(GROUP, "delta1" + label, result.delta1(), "1", pixels);
    }
  }

  private void reportSigned(SignedError.Result signed) {
    double beginS = absRelOverTime.get(0)[0];
    report.add(
        GROUP,
        "signed error, one median scale",
        100 * signed.mean(),
        "%",
        note(
            "too far is positive; mean of the medians of %d frames, worst %+.1f %% after %.2f s",
            signed.frames(), 100 * signed.worst(), signed.worstS() - beginS));
  }

  private void reportClouds(PointCloudScore own, PointCloudScore scaled) {
    if (estimates.isMetric()) {
      reportCloud("as published", own.result());
    }
    reportCloud("one median scale", scaled.result());
  }

  private void reportCloud(String label, PointCloudScore.Result score) {
    report.add(
        GROUP,
        "F-score 10 cm, " + label,
        score.fScore(),
        "1",
        note(
            "precision %.3f, recall %.3f; mean of %d frames, up to %d points asked in each",
            score.precision(), score.recall(), score.frames(), PointCloudScore.MOST_QUERIES));
  }

  private void reportEdges() {
    EdgeScore.Result score = edges.result();
    String counts =
        note("%d estimated, %d true edge pixels", score.estimatedPixels(), score.truePixels());
    report
        .add(GROUP, "edge accuracy", score.accuracyPx(), "px", "capped at 10 px; " + counts)
        .add(GROUP, "edge completeness", score.completenessPx(), "px", "capped at 10 px");
  }

  private void reportConsistency() {
    TemporalAlignmentError.Result score = consistency.result();
    if (score.pairs() == 0) {
      report.missing(GROUP, "TAE: no two frames in a row have depth and a true pose");
      return;
    }
    report
        .add(
            GROUP,
            "TAE, one median scale",
            score.percent(),
            "%",
            note("%d pairs of frames, true poses; read beside AbsRel", score.pairs()))
        .add(
            GROUP,
            "TAE floor",
            truthConsistency.result().percent(),
            "%",
            "TAE of the true depth itself: its noise, motion in the scene, pixel rounding");
  }

  private void reportStd(StdCalibration std) {
    StdCalibration.Result score = std.result();
    if (score.pixels() == 0) {
      report.missing(GROUP, "std calibration: the run left no std (depth_std/ missing)");
      return;
    }
    report
        .add(GROUP, "within 1 std", score.within1(), "1", "0.683 if right; after one median scale")
        .add(GROUP, "within 2 std", score.within2(), "1", "0.954 if right")
        .add(
            GROUP,
            "AbsRel, most certain half",
            score.absRelCertainHalf(),
            "1",
            note("all pixels with a std: %.4f", score.absRelAll()));
    report
        .curve("depth.std_coverage", std.coverage())
        .curve("depth.std_coverage_gaussian", StdCalibration.gaussianCoverage())
        .curve("depth.sparsification", std.sparsification())
        .curve("depth.sparsification_oracle", std.sparsificationOracle());
  }

  private void reportOverTime() {
    double start = absRelOverTime.get(0)[0];
    double[] timeS = absRelOverTime.stream().mapToDouble(a -> a[0] - start).toArray();
    double[] published = absRelOverTime.stream().mapToDouble(a -> a[1]).toArray();
    double[] scaled = absRelOverTime.stream().mapToDouble(a -> a[2]).toArray();
    if (estimates.isMetric()) {
      report.curve("depth.absrel_published", new Curve("time [s]", "AbsRel", timeS, published));
    }
    report.curve("depth.absrel_scaled", new Curve("time [s]", "AbsRel", timeS, scaled));
  }

  private static String note(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
