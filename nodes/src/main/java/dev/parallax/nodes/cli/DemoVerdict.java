package dev.parallax.nodes.cli;

import dev.parallax.sim.eval.EvalReport;
import dev.parallax.sim.eval.GroundTruth;
import dev.parallax.sim.eval.Measure;
import dev.parallax.sim.eval.StampedPose;
import dev.parallax.sim.eval.TextTable;
import dev.parallax.sim.eval.depth.DepthEvaluation;
import dev.parallax.sim.eval.motion.MotionEvaluation;
import dev.parallax.sim.eval.odometry.OdometryEvaluation;
import dev.parallax.sim.scene.SimulatedGroundTruth;
import dev.parallax.sim.scene.SimulatedSequence;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How near a simulated run came to the truth: a few of the measures of {@code eval}. */
final class DemoVerdict {
  private static final String ATE = "ATE Sim(3)";
  private static final Set<String> SHOWN =
      Set.of(
          "coverage",
          ATE,
          "ATE SE(3)",
          "density",
          "AbsRel, as published",
          "AbsRel, one median scale",
          "moving mask IoU");

  private DemoVerdict() {}

  static String text(SampledRun run, SimulatedSequence drive) {
    EvalReport.Builder all = new EvalReport.Builder();
    double pathM;
    try (SimulatedGroundTruth exact = new SimulatedGroundTruth(drive)) {
      GroundTruth truth = new TruthOfSamples(exact, Set.copyOf(run.depthStamps()));
      pathM = lengthM(truth.poses());
      OdometryEvaluation.judge(run, truth, all);
      double clipScale = DepthEvaluation.judge(run, truth, all);
      MotionEvaluation.judge(run, truth, clipScale, all);
    }
    EvalReport judged = all.build();
    EvalReport.Builder shown = new EvalReport.Builder();
    for (Measure m : judged.measures()) {
      if (SHOWN.contains(m.name())) {
        shown.add(m.group(), m.name(), m.value(), m.unit(), m.note());
      }
      if (m.name().equals(ATE)) {
        String note = "true path %.2f m".formatted(pathM);
        shown.add(m.group(), "ATE Sim(3) of the path", 100 * m.value() / pathM, "%", note);
      }
    }
    EvalReport verdict = shown.build();
    return TextTable.of(
        verdict.isEmpty() ? new EvalReport(List.of(), judged.missing(), Map.of()) : verdict);
  }

  private static double lengthM(List<StampedPose> poses) {
    double lengthM = 0;
    for (int i = 1; i < poses.size(); i++) {
      lengthM +=
          poses.get(i - 1).T_world_cam().inverse().times(poses.get(i).T_world_cam()).distance();
    }
    return lengthM;
  }
}
