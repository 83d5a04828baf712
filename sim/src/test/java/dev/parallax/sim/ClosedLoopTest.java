package dev.parallax.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.geometry.RigidAlignment;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.mapping.VoxelBlockMap;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FramePipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.sim.eval.map.PathClearance;
import dev.parallax.sim.eval.odometry.PosePair;
import dev.parallax.sim.eval.odometry.TrajectoryError;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole per-frame path on a simulated drive through the room, held against exact truth. */
class ClosedLoopTest {
  private static final int FRAMES = 80;

  private static final List<FrameId> given = new ArrayList<>();
  private static final List<FrameOutcome> outcomes = new ArrayList<>();
  private static final List<PosePair> pairs = new ArrayList<>();
  private static final List<Double> depthErrors = new ArrayList<>();
  private static final List<Double> densities = new ArrayList<>();
  private static VoxelBlockMap map;

  @BeforeAll
  static void drive() {
    SimulationConfig config = SimulationConfig.defaults(5, FRAMES, 20).withSize(320, 240);
    try (SimulatedSequence room = SimulatedSequence.of(Scenes.ROOM, config);
        CpuKernels kernels = new CpuKernels(2);
        FramePipeline pipeline =
            new FramePipeline(PipelineConfig.defaults(), kernels, System::nanoTime, notice -> {})) {
      for (SimulatedFrame frame : room) {
        FrameOutcome outcome = pipeline.process(frame.frame());
        given.add(frame.frame().id());
        outcomes.add(outcome);
        if (outcome instanceof Estimated estimated) {
          take(estimated, frame);
        }
      }
    }
  }

  private static void take(Estimated estimated, SimulatedFrame truth) {
    int index = pairs.size();
    pairs.add(
        new PosePair(index, estimated.stamp(), estimated.pose().T_odom_cam(), truth.T_world_cam()));
    if (map == null) {
      map = new VoxelBlockMap(estimated.map().voxelSizeM());
    }
    map.apply(estimated.map());
    // Depth needs parallax first: the first second does not count.
    if (index >= 20) {
      compareDepth(estimated.depth(), truth.depth());
    }
  }

  /** AbsRel after the frame's median scale; the estimate's grid is the truth's halved. */
  private static void compareDepth(DepthMap estimate, DepthMap truth) {
    double[] ratio = new double[estimate.depthM().length];
    int n = 0;
    for (int i = 0; i < ratio.length; i++) {
      int u = 2 * (i % estimate.width());
      int v = 2 * (i / estimate.width());
      float d = estimate.depthM()[i];
      float t = truth.depthM()[v * truth.width() + u];
      if (d > 0 && t > 0 && t < Float.POSITIVE_INFINITY) {
        ratio[n++] = d / t;
      }
    }
    Arrays.sort(ratio, 0, n);
    double scale = 1 / ratio[n / 2];
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Math.abs(scale * ratio[i] - 1);
    }
    depthErrors.add(sum / n);
    densities.add((double) n / ratio.length);
  }

  private static double pathM() {
    double length = 0;
    for (int i = 1; i < pairs.size(); i++) {
      length +=
          pairs.get(i - 1).T_world_cam().inverse().times(pairs.get(i).T_world_cam()).distance();
    }
    return length;
  }

  @Test
  void everyFrameIsEstimatedOnceAndInOrder() {
    assertThat(outcomes).extracting(FrameOutcome::id).isEqualTo(given);
    assertThat(outcomes).hasSize(FRAMES).allMatch(Estimated.class::isInstance);
    assertThat(((Estimated) outcomes.get(FRAMES - 1)).pose().state())
        .isEqualTo(TrackingState.TRACKING);
  }

  @Test
  void thePathIsRightToAHundredthOfItsLength() {
    double ate = TrajectoryError.of(pairs, TrajectoryError.Alignment.SIM3).rmseM();

    assertThat(pathM()).isGreaterThan(1);
    assertThat(ate).isLessThan(0.01 * pathM());
  }

  @Test
  void depthAgreesWithTheTruthAfterOneScale() {
    double mean = depthErrors.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    double density = densities.stream().mapToDouble(Double::doubleValue).average().orElseThrow();

    assertThat(mean).as("AbsRel").isLessThan(0.2);
    assertThat(density).isGreaterThan(0.5);
  }

  @Test
  void noCellOfTheTruePathIsMarkedOccupied() {
    double[] truth = new double[3 * pairs.size()];
    double[] estimate = new double[3 * pairs.size()];
    for (int i = 0; i < pairs.size(); i++) {
      System.arraycopy(pairs.get(i).T_world_cam().translation(), 0, truth, 3 * i, 3);
      System.arraycopy(pairs.get(i).T_odom_cam().translation(), 0, estimate, 3 * i, 3);
    }
    RigidAlignment.Fit toOdom = RigidAlignment.similarity(truth, estimate, null).orElseThrow();
    List<Se3> path = new ArrayList<>();
    for (PosePair pair : pairs) {
      double[] t = pair.T_world_cam().translation();
      double[] p = toOdom.apply(t[0], t[1], t[2]);
      path.add(Se3.ofTranslation(p[0], p[1], p[2]));
    }

    assertThat(map.size()).isGreaterThan(20);
    assertThat(PathClearance.of(map, path).occupied()).isZero();
  }
}
