package dev.parallax.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FramePipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A street on which a car drives ahead about as fast as the camera: it looks infinitely far, and
 * would be seen through the road.
 */
class LeadingCarTest {
  private static final int FRAMES = 75;
  private static final int WARM_UP = 25;

  private static long carFoot;
  private static long carFootUndecided;
  private static long throughTheRoad;
  private static long known;
  private static long road;
  private static long roadKnown;

  @BeforeAll
  static void drive() {
    SimulationConfig config = SimulationConfig.defaults(1, FRAMES, 15).withSize(320, 240);
    try (SimulatedSequence street = SimulatedSequence.of(Scenes.STREET, config);
        CpuKernels kernels = new CpuKernels(2);
        FramePipeline pipeline =
            new FramePipeline(PipelineConfig.defaults(), kernels, System::nanoTime, notice -> {})) {
      int count = 0;
      for (SimulatedFrame frame : street) {
        if (pipeline.process(frame.frame()) instanceof Estimated estimated && ++count > WARM_UP) {
          judge(estimated, frame);
        }
      }
    }
  }

  private static void judge(Estimated estimate, SimulatedFrame truth) {
    double unit = GridTruth.medianScale(estimate.depth(), truth.depth());
    int width = estimate.depth().width();
    int height = estimate.depth().height();
    for (int i = 0; i < width * height; i++) {
      int at = GridTruth.pixel(i, estimate.depth(), truth.depth());
      double trueM = truth.depth().depthM()[at];
      double ratio = unit * estimate.depth().depthM()[i] / trueM;
      boolean isAhead = Math.abs(i % width - width / 2) < width / 8;
      boolean isLow = i / width > 0.53 * height;
      if (!isLow) {
        continue;
      }
      known += ratio > 0 ? 1 : 0;
      throughTheRoad += ratio > 2 ? 1 : 0;
      if (truth.movingMask().labels()[at] == MovingMask.MOVING) {
        if (isAhead) {
          carFoot++;
          carFootUndecided +=
              estimate.movingMask().labels()[i] != MovingMask.STATIC && !(ratio > 2) ? 1 : 0;
        }
      } else if (i / width > 0.7 * height) {
        road++;
        roadKnown += ratio > 0 ? 1 : 0;
      }
    }
  }

  @Test
  void theCarsFootIsUndecided() {
    assertThat(carFoot).isGreaterThan(1_000);
    assertThat((double) carFootUndecided / carFoot).isGreaterThan(0.6);
  }

  @Test
  void nothingIsSeenThroughTheRoad() {
    assertThat((double) throughTheRoad / known).isLessThan(0.005);
  }

  @Test
  void theRoadKeepsItsDepth() {
    assertThat((double) roadKnown / road).isGreaterThan(0.4);
  }
}
