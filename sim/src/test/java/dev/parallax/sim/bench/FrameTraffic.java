package dev.parallax.sim.bench;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.kernels.cuda.CudaDevice;
import dev.parallax.kernels.cuda.CudaKernels;
import dev.parallax.kernels.cuda.CudaTraffic;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FramePipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * A process of its own that says of each frame what it asked of the GPU: {@code state waits
 * upload-waits launches}.
 */
final class FrameTraffic {
  private FrameTraffic() {}

  public static void main(String[] frames) throws Exception {
    SimulationConfig config =
        SimulationConfig.defaults(5, Integer.parseInt(frames[0]), 20).withSize(320, 240);
    try (SimulatedSequence room = SimulatedSequence.of(Scenes.ROOM, config);
        CudaDevice device = CudaDevice.open(0);
        CudaKernels kernels = new CudaKernels(device, () -> new CpuKernels(1));
        FramePipeline pipeline =
            new FramePipeline(PipelineConfig.defaults(), kernels, System::nanoTime, notice -> {})) {
      List<SimulatedFrame> drawn = new ArrayList<>();
      room.forEach(drawn::add);
      for (int i = 0; i < drawn.size(); i++) {
        SimulatedFrame frame = drawn.get(i);
        CudaTraffic before = kernels.traffic();
        if (i + 1 < drawn.size()) {
          pipeline.expect(drawn.get(i + 1).frame());
        }
        if (pipeline.process(frame.frame()) instanceof Estimated estimated) {
          CudaTraffic cost = kernels.traffic().since(before);
          System.out.printf(
              "%s %d %d %d%n",
              estimated.pose().state(), cost.waits(), cost.uploadWaits(), cost.launches());
        }
      }
    }
  }
}
