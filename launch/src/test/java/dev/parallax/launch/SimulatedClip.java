package dev.parallax.launch;

import dev.parallax.nodes.codec.CalibrationYaml;
import dev.parallax.nodes.codec.ImageCodec;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A short drive through the simulated room, as a plain folder of pictures. */
final class SimulatedClip {
  private static final ImageCodec CODEC = new ImageCodec();

  private SimulatedClip() {}

  static Path write(Path folder, int frames) throws IOException {
    Files.createDirectories(folder);
    SimulationConfig config = SimulationConfig.defaults(7, frames, 15).withSize(320, 240);
    StringBuilder times = new StringBuilder();
    try (SimulatedSequence sequence = SimulatedSequence.of(Scenes.ROOM, config)) {
      for (SimulatedFrame frame : sequence) {
        byte[] png = CODEC.encodePng(frame.frame().picture());
        Files.write(folder.resolve("%04d.png".formatted(frame.frame().id().sequence())), png);
        times.append(frame.frame().stamp()).append('\n');
      }
    }
    Files.writeString(folder.resolve("times.txt"), times);
    CalibrationYaml.write(folder.resolve("camera.yaml"), "camera", config.camera());
    return folder;
  }
}
