package dev.parallax.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FramePipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.sim.eval.motion.MaskOverlap;
import dev.parallax.sim.eval.motion.SceneFlowError;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** People who walk in the room while the camera drives: what is said of their motion. */
class MovingPeopleTest {
  private static final int FRAMES = 160;
  private static final double FRAME_S = 0.05;

  private static final SceneFlowError said = new SceneFlowError();
  private static final SceneFlowError nothing = new SceneFlowError();
  private static final MaskOverlap mask = new MaskOverlap();
  private static final List<Double> depthRatios = new ArrayList<>();

  @BeforeAll
  static void drive() {
    SimulationConfig config = SimulationConfig.defaults(1, FRAMES, 1 / FRAME_S).withSize(320, 240);
    try (SimulatedSequence room = SimulatedSequence.of(Scenes.ROOM, config);
        CpuKernels kernels = new CpuKernels(2);
        FramePipeline pipeline =
            new FramePipeline(PipelineConfig.defaults(), kernels, System::nanoTime, notice -> {})) {
      for (SimulatedFrame frame : room) {
        if (pipeline.process(frame.frame()) instanceof Estimated estimated) {
          judge(estimated, frame);
        }
      }
    }
  }

  private static void judge(Estimated estimate, SimulatedFrame truth) {
    double unit = GridTruth.medianScale(estimate.depth(), truth.depth());
    float[] rest = new float[3];
    for (int i = 0; i < estimate.depth().depthM().length; i++) {
      int at = GridTruth.pixel(i, estimate.depth(), truth.depth());
      byte trueLabel = truth.movingMask().labels()[at];
      boolean moves = trueLabel == MovingMask.MOVING;
      double trueM = truth.depth().depthM()[at];
      mask.add(estimate.movingMask().labels()[i], trueLabel);
      if (unit > 0) {
        float[] trueMps = truth.sceneFlow().velocityMps();
        float[] mps = estimate.sceneFlow().velocityMps();
        said.add(mps, 3 * i, trueMps, 3 * at, unit, FRAME_S, moves, trueM);
        nothing.add(rest, 0, trueMps, 3 * at, unit, FRAME_S, moves, trueM);
        float z = estimate.depth().depthM()[i];
        if (moves && trueM < 5 && z > 0) {
          depthRatios.add(Math.abs(Math.log(unit * z / trueM)));
        }
      }
    }
  }

  @Test
  void mostOfWhatMovesNearbyHasAVelocity() {
    assertThat(nothing.nearMovingPixels()).isGreaterThan(20_000);
    assertThat(said.nearMovingDensity()).isGreaterThan(0.75);
  }

  @Test
  void theVelocityOfWhatMovesIsWorthMoreThanToSayThatItRests() {
    assertThat(said.nearMovingMps()).isLessThan(0.75 * nothing.nearMovingMps());
  }

  @Test
  void theDepthOfWhatMovesIsNotThatOfARestingPoint() {
    depthRatios.sort(null);
    assertThat(depthRatios.get(depthRatios.size() / 2)).isLessThan(0.45);
  }

  @Test
  void theMaskCoversThePeople() {
    assertThat(mask.result().iou()).isGreaterThan(0.5);
  }
}
