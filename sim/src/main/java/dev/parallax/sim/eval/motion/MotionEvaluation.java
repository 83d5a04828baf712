package dev.parallax.sim.eval.motion;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FlowField;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.sim.eval.Estimates;
import dev.parallax.sim.eval.EvalReport;
import dev.parallax.sim.eval.EvalReport.Curve;
import dev.parallax.sim.eval.EvaluationException;
import dev.parallax.sim.eval.GroundTruth;
import dev.parallax.sim.eval.depth.TruthSampler;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Judges flow, scene flow and moving masks of a run and writes the figures into a report. Scene
 * flow and mask may lie on a coarser grid than the truth: each pixel is held against the nearest
 * true one. One use.
 */
public final class MotionEvaluation {
  private static final String FLOW = "flow";
  private static final String SCENE_FLOW = "scene flow";

  private final Estimates estimates;
  private final GroundTruth truth;
  private final double metresPerUnit;
  private final FlowError flow = new FlowError();
  private final SceneFlowError sceneFlow = new SceneFlowError();
  private final MaskOverlap mask = new MaskOverlap();
  private final List<double[]> epeOverTime = new ArrayList<>();
  private int flowFrames;
  private int sceneFlowFrames;
  private int maskFrames;
  private int @Nullable [] truePixels;

  private MotionEvaluation(Estimates estimates, GroundTruth truth, double metresPerUnit) {
    this.estimates = estimates;
    this.truth = truth;
    this.metresPerUnit = metresPerUnit;
  }

  /**
   * @param clipScale metres in the run's unit of length, used where its lengths are relative; NaN
   *     where it is not known
   */
  public static void judge(
      Estimates estimates, GroundTruth truth, double clipScale, EvalReport.Builder report) {
    double metresPerUnit = estimates.isMetric() ? 1 : clipScale;
    MotionEvaluation evaluation = new MotionEvaluation(estimates, truth, metresPerUnit);
    evaluation.readAll();
    evaluation.reportFlow(report);
    evaluation.reportSceneFlow(report);
    evaluation.reportMask(report);
  }

  private void readAll() {
    List<Timestamp> stamps = truth.frameStamps();
    for (int i = 0; i < stamps.size(); i++) {
      Timestamp stamp = stamps.get(i);
      double timeS = stamp.secondsSince(stamps.get(0));
      readFlow(stamp, timeS);
      MovingMask trueMask = readMask(stamp);
      if (i > 0) {
        readSceneFlow(stamp, stamp.secondsSince(stamps.get(i - 1)), trueMask);
      }
    }
  }

  private void readFlow(Timestamp stamp, double timeS) {
    FlowField estimate = estimates.backwardFlow(stamp);
    FlowField known = estimate == null ? null : truth.backwardFlow(stamp);
    if (estimate == null || known == null) {
      return;
    }
    if (estimate.width() != known.width() || estimate.height() != known.height()) {
      throw new EvaluationException(
          "flow is %dx%d but the true one %dx%d"
              .formatted(estimate.width(), estimate.height(), known.width(), known.height()));
    }
    epeOverTime.add(new double[] {timeS, flow.add(estimate, known)});
    flowFrames++;
  }

  private @Nullable MovingMask readMask(Timestamp stamp) {
    MovingMask known = truth.movingMask(stamp);
    MovingMask estimate = known == null ? null : estimates.movingMask(stamp);
    if (known != null && estimate != null) {
      int[] pixels = truePixels(estimate.width(), estimate.height(), known.width());
      for (int i = 0; i < pixels.length; i++) {
        if (pixels[i] >= 0) {
          mask.add(estimate.labels()[i], known.labels()[pixels[i]]);
        }
      }
      maskFrames++;
    }
    return known;
  }

  private void readSceneFlow(Timestamp stamp, double frameS, @Nullable MovingMask trueMask) {
    SceneFlowField known = truth.sceneFlow(stamp);
    SceneFlowField estimate = known == null ? null : estimates.sceneFlow(stamp);
    if (known == null || estimate == null) {
      return;
    }
    int[] pixels = truePixels(estimate.width(), estimate.height(), known.width());
    DepthMap depth = truth.depth(stamp);
    for (int i = 0; i < pixels.length; i++) {
      int at = pixels[i];
      if (at >= 0) {
        boolean moves = trueMask != null && trueMask.labels()[at] == MovingMask.MOVING;
        sceneFlow.add(
            estimate.velocityMps(),
            3 * i,
            known.velocityMps(),
            3 * at,
            metresPerUnit,
            frameS,
            moves,
            depth == null ? Double.NaN : depth.depthM()[at]);
      }
    }
    sceneFlowFrames++;
  }

  /** For each pixel of the estimate the nearest true one; worked out once. */
  private int[] truePixels(int width, int height, int trueWidth) {
    PinholeCamera camera = truth.camera();
    if (camera == null || camera.width() != trueWidth) {
      throw new EvaluationException("the truth's scene flow or mask does not lie on its camera");
    }
    int[] pixels = truePixels;
    if (pixels == null) {
      pixels = TruthSampler.between(camera, estimates.depthCamera(), width, height).nearestPixels();
      truePixels = pixels;
    }
    if (pixels.length != width * height) {
      throw new EvaluationException("scene flow and mask differ in size; run replay again");
    }
    return pixels;
  }

  private void reportFlow(EvalReport.Builder report) {
    if (flowFrames == 0) {
      report.missing(FLOW, "no frame has both an estimated (flow/) and a true flow");
      return;
    }
    FlowError.Result result = flow.result();
    report
        .add(FLOW, "EPE", result.epePx(), "px", note("%d frames", flowFrames))
        .add(FLOW, "F1-all", 100 * result.f1All(), "%", "off by over 3 px and over 5 %")
        .add(FLOW, "density", result.density(), "1", "share of pixels with a true flow")
        .curve(
            "flow.epe",
            new Curve(
                "time [s]",
                "EPE [px]",
                epeOverTime.stream().mapToDouble(e -> e[0]).toArray(),
                epeOverTime.stream().mapToDouble(e -> e[1]).toArray()));
  }

  private void reportSceneFlow(EvalReport.Builder report) {
    if (sceneFlowFrames == 0) {
      report.missing(SCENE_FLOW, "no frame has both an estimated and a true scene flow");
      return;
    }
    if (Double.isNaN(metresPerUnit)) {
      report.missing(SCENE_FLOW, "the run's lengths are relative and no true depth gives a scale");
      return;
    }
    String scale = estimates.isMetric() ? "as published" : "after the clip's median depth scale";
    reportPart(report, "", sceneFlow.all(), note("%d frames, %s", sceneFlowFrames, scale));
    if (sceneFlow.moving().pixels() > 0) {
      reportPart(report, ", moving pixels", sceneFlow.moving(), "where the truth moves");
      report.add(
          SCENE_FLOW,
          "velocity error, moving within %.0f m".formatted(SceneFlowError.NEAR_BODY_M),
          sceneFlow.nearMovingMps(),
          "m/s",
          note(
              "%d pixels, %.0f %% of those that move there",
              sceneFlow.nearMovingPixels(), 100 * sceneFlow.nearMovingDensity()));
    } else {
      report.missing(SCENE_FLOW, "EPE3D of moving pixels: nothing judged moves in the truth");
    }
  }

  private static void reportPart(
      EvalReport.Builder report, String part, SceneFlowError.Result result, String note) {
    report
        .add(SCENE_FLOW, "EPE3D" + part, result.epe3dM(), "m", note)
        .add(
            SCENE_FLOW,
            "accuracy 5 cm or 5 %" + part,
            result.accuracy(),
            "1",
            note("%d pixels", result.pixels()));
  }

  private void reportMask(EvalReport.Builder report) {
    if (maskFrames == 0) {
      report.missing(SCENE_FLOW, "no frame has both an estimated and a true moving mask");
      return;
    }
    MaskOverlap.Result result = mask.result();
    String unknown = note("%.1f %% of pixels undecided", 100 * result.unknownShare());
    report
        .add(
            SCENE_FLOW,
            "moving mask IoU",
            result.iou(),
            "1",
            note("%d frames; undecided counts as not moving; %s", maskFrames, unknown))
        .add(SCENE_FLOW, "moving mask IoU, decided", result.iouDecided(), "1", unknown);
  }

  private static String note(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
